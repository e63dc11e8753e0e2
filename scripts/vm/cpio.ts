/** One file of an archive. Owner is always root, time always 0: the same files give the same bytes. */
export interface CpioEntry {
  readonly path: string
  /** With the file type: 0o100755, 0o040755, 0o120777. */
  readonly mode: number
  /** A link's target for links. */
  readonly bytes?: Uint8Array
}

/** A newc archive (cpio(5)) as the kernel reads it for its initramfs, padded to 512 bytes. */
export function packCpio(entries: readonly CpioEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))
  const parts = sorted.map((entry, index) => pack(entry, index + 1))
  const archive = Buffer.concat([...parts, pack({ path: 'TRAILER!!!', mode: 0 }, 0)])
  return Buffer.concat([archive, Buffer.alloc(-archive.length & 511)])
}

function pack({ path, mode, bytes = new Uint8Array() }: CpioEntry, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`)
  const links = (mode & 0o170000) === 0o040000 ? 2 : 1
  const fields = [inode, mode, 0, 0, links, 0, bytes.length, 0, 0, 0, 0, name.length, 0]
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`
  return Buffer.concat([pad4(Buffer.concat([Buffer.from(head), name])), pad4(Buffer.from(bytes))])
}

const pad4 = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
