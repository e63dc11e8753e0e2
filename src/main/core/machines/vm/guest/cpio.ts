/** A file of an archive that the kernel unpacks over its initramfs. `path` is relative, its folders are made. */
export interface CpioFile {
  readonly path: string
  readonly content: Buffer | string
  readonly mode?: number
}

const folderMode = 0o040755
const fileType = 0o100000

/**
 * A `newc` archive, as in the kernel's Documentation/driver-api/early-userspace/buffer-format: a header of 110
 * ASCII bytes, the name with its NUL, the data; name and data each padded to 4 bytes. The times are 0 and the
 * order is that of the list, so the same files make the same bytes.
 */
export function newcArchive(files: readonly CpioFile[]): Buffer {
  const parts: Buffer[] = []
  let inode = 0
  const add = (path: string, mode: number, content: Buffer): void => {
    parts.push(entry({ path, mode, content, inode: ++inode }))
  }
  for (const folder of foldersOf(files)) add(folder, folderMode, Buffer.alloc(0))
  for (const { path, content, mode = 0o600 } of files) add(path, fileType | mode, Buffer.from(content))
  parts.push(entry({ path: 'TRAILER!!!', mode: 0, content: Buffer.alloc(0), inode: 0 }))
  return padded(Buffer.concat(parts))
}

function foldersOf(files: readonly CpioFile[]): string[] {
  const folders = new Set<string>()
  for (const { path } of files) {
    const names = path.split('/').slice(0, -1)
    names.forEach((_, index) => folders.add(names.slice(0, index + 1).join('/')))
  }
  return [...folders].sort()
}

function entry({
  path,
  mode,
  content,
  inode,
}: Required<CpioFile> & { content: Buffer; inode: number }): Buffer {
  const name = Buffer.from(`${path}\0`)
  const links = (mode & 0o170000) === 0o040000 ? 2 : 1
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0]
  const header = Buffer.from(`070701${fields.map(hex).join('')}`)
  return Buffer.concat([padded(Buffer.concat([header, name])), padded(content)])
}

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0')

/** With zeros to a multiple of 4: what follows is not seen by the kernel otherwise. */
export function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % 4
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)])
}
