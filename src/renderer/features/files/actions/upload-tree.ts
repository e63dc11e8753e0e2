import { escapeName } from '../../../../shared/model/file-entry'

/** What goes up, in its order: a folder before what is in it. `path` is below the target, escaped. */
export type UploadPart =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly file: File }

export interface UploadTree {
  readonly parts: readonly UploadPart[]
  /** Names that will stand in the target folder itself. */
  readonly tops: readonly string[]
  readonly files: number
  readonly sizeBytes: number
}

export function treeOf(parts: readonly UploadPart[]): UploadTree {
  const files = parts.flatMap((part) => (part.kind === 'file' ? [part.file] : []))
  return {
    parts,
    tops: [...new Set(parts.map(({ path }) => path.split('/')[0] ?? path))],
    files: files.length,
    sizeBytes: files.reduce((sum, file) => sum + file.size, 0),
  }
}

/** What a file field gave: of a folder each file tells its way below it. */
export function treeOfFiles(files: readonly File[]): UploadTree {
  const folders = new Set<string>()
  const parts: UploadPart[] = []
  for (const file of files) {
    const names = (file.webkitRelativePath || file.name).split('/').map(escapeName)
    for (let depth = 1; depth < names.length; depth++) {
      const path = names.slice(0, depth).join('/')
      if (folders.has(path)) continue
      folders.add(path)
      parts.push({ kind: 'folder', path })
    }
    parts.push({ kind: 'file', path: names.join('/'), file })
  }
  return treeOf(parts)
}

/** What was dropped, folders with all that is in them. Must be called while the drop is handled. */
export async function treeOfDrop(items: DataTransferItemList): Promise<UploadTree> {
  // The list is emptied as soon as the event's handler gives way. What has no entry is no file of a disk.
  const dropped = [...items].flatMap((item) => item.webkitGetAsEntry() ?? item.getAsFile() ?? [])
  const parts = dropped.map((one) =>
    one instanceof File ? Promise.resolve(treeOfFiles([one]).parts) : walk(one, ''),
  )
  return treeOf((await Promise.all(parts)).flat())
}

async function walk(entry: FileSystemEntry, above: string): Promise<readonly UploadPart[]> {
  const path = above + escapeName(entry.name)
  if (isFile(entry)) return [{ kind: 'file', path, file: await fileOf(entry) }]
  if (!isFolder(entry)) return []
  const parts: UploadPart[] = [{ kind: 'folder', path }]
  const reader = entry.createReader()
  // A reader gives a hundred names at a time, and none at the end.
  for (let some = await readSome(reader); some.length > 0; some = await readSome(reader))
    for (const one of some) parts.push(...(await walk(one, `${path}/`)))
  return parts
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))

const readSome = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
  new Promise((resolve, reject) => reader.readEntries(resolve, reject))
