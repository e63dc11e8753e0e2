export interface TarEntry {
  readonly name: string
  readonly mode?: number
  readonly data?: Buffer | string
  /** A symbolic link to there. */
  readonly link?: string
  readonly isFolder?: boolean
}

/** A ustar archive of small files: all that images for tests need. */
export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocks), Buffer.alloc(1024)])
}

function blocks(entry: TarEntry): Buffer[] {
  const data = Buffer.from(entry.data ?? '')
  return [header(entry, data.length), data, Buffer.alloc((512 - (data.length % 512)) % 512)]
}

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(512)
  block.write(entry.name, 0, 100)
  const octal = (value: number, at: number, width: number): void =>
    void block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at)
  octal(entry.mode ?? (entry.isFolder ? 0o755 : 0o644), 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  block.write('        ', 148)
  block.write(entry.link === undefined ? (entry.isFolder ? '5' : '0') : '2', 156)
  block.write(entry.link ?? '', 157, 100)
  block.write('ustar\u000000', 257)
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  )
  return block
}
