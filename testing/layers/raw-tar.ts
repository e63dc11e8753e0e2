/** An entry of a tar as hostile as wanted: names are bytes, nothing is checked. */
export interface RawEntry {
  readonly name: Buffer
  /** ustar's type flag. */
  readonly flag: '0' | '1' | '2' | '3' | '4' | '5' | '6'
  readonly data?: Buffer
  readonly link?: Buffer
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly mtimeS?: number
  readonly device?: readonly [number, number]
  readonly xattrs?: Readonly<Record<string, string>>
}

/** A PAX archive: names that do not fit, or are no ASCII, stand in records. */
export const rawTar = (entries: readonly RawEntry[]): Buffer =>
  Buffer.concat([...entries.flatMap(blocks), Buffer.alloc(1024)])

function blocks(entry: RawEntry): Buffer[] {
  const records = [
    ...(needsRecord(entry.name) ? [record('path', entry.name)] : []),
    ...(entry.link && needsRecord(entry.link) ? [record('linkpath', entry.link)] : []),
    ...Object.entries(entry.xattrs ?? {}).map(([key, value]) =>
      record(`SCHILY.xattr.${key}`, Buffer.from(value)),
    ),
  ]
  const pax = Buffer.concat(records)
  const head = { name: Buffer.from('pax'), flag: 'x' as const, data: pax }
  return [...(pax.length > 0 ? one(head) : []), ...one(entry)]
}

const needsRecord = (name: Buffer): boolean =>
  name.length > 99 || name.some((byte) => byte > 126 || byte < 32)

function one(entry: Omit<RawEntry, 'flag'> & { readonly flag: string }): Buffer[] {
  const data = entry.data ?? Buffer.alloc(0)
  return [header(entry, data.length), data, Buffer.alloc((512 - (data.length % 512)) % 512)]
}

/** `length key=value\n`, where the length counts itself. */
function record(key: string, value: Buffer): Buffer {
  const rest = key.length + value.length + 3
  let length = rest + String(rest).length
  if (rest + String(length).length !== length) length++
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from('\n')])
}

function header(entry: Omit<RawEntry, 'flag'> & { readonly flag: string }, size: number): Buffer {
  const block = Buffer.alloc(512)
  entry.name.copy(block, 0, 0, 99)
  const octal = (value: number, at: number, width: number): void =>
    void block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1')
  octal(entry.mode ?? (entry.flag === '5' ? 0o755 : 0o644), 100, 8)
  octal(entry.uid ?? 0, 108, 8)
  octal(entry.gid ?? 0, 116, 8)
  octal(size, 124, 12)
  octal(entry.mtimeS ?? 1_700_000_000, 136, 12)
  block.write('        ', 148)
  block.write(entry.flag, 156)
  entry.link?.copy(block, 157, 0, 99)
  block.write('ustar\u000000', 257)
  octal(entry.device?.[0] ?? 0, 329, 8)
  octal(entry.device?.[1] ?? 0, 337, 8)
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  )
  return block
}
