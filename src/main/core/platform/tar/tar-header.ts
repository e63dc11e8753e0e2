export const blockBytes = 512

/** What an entry is, as ustar's type flag says. */
export type TarKind =
  'file' | 'hard-link' | 'link' | 'char-device' | 'block-device' | 'folder' | 'pipe' | 'other'

/** One entry of a tar. Names are bytes: a file system knows no encoding. */
export interface TarHeader {
  readonly name: Buffer
  readonly link: Buffer
  readonly kind: TarKind
  /** Bytes that follow in the archive. */
  readonly bodyBytes: number
  /** Length of the file; larger than the body where holes are left out. */
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtimeS: number
  readonly major: number
  readonly minor: number
  readonly xattrs: readonly string[]
  /** The body has holes in a form that is not read here. */
  readonly isSparse: boolean
}

/** Records of PAX headers, by key. Values are bytes. */
export type PaxRecords = ReadonlyMap<string, Buffer>

/** What is no tar, or one that breaks off. Whose fault that is knows who asked for it. */
export class DamagedTar extends Error {
  override readonly name = 'DamagedTar'

  constructor(readonly detail: string) {
    super(`The tar cannot be read: ${detail}`)
  }
}

const kinds: Readonly<Record<string, TarKind>> = {
  ...{ '\0': 'file', '0': 'file', '7': 'file', S: 'file' },
  ...{ '1': 'hard-link', '2': 'link', '3': 'char-device', '4': 'block-device', '5': 'folder', '6': 'pipe' },
}

export const typeFlag = (block: Buffer): string => String.fromCharCode(block[156] ?? 0)

/** Source: POSIX pax(1) "ustar Interchange Format"; GNU tar's tar.h. */
export function readHeader(block: Buffer, pax: PaxRecords, long: LongNames): TarHeader {
  const name = pax.get('path') ?? long.name ?? ustarName(block)
  const kind = kindOf(typeFlag(block), name)
  const body = bodySize(block, pax)
  const sparse = sparseSize(block, pax)
  // One plain object: an image has ten thousands of these.
  return {
    name,
    link: pax.get('linkpath') ?? long.link ?? field(block, 157, 100),
    kind,
    // Only files have a body; of other kinds a size is noise, as Go's and GNU's readers have it.
    bodyBytes: kind === 'file' || kind === 'other' ? body : 0,
    size: kind === 'file' ? (sparse ?? body) : 0,
    mode: number(block, 100, 8) & 0o7777,
    uid: numberOr(pax.get('uid'), block, 108),
    gid: numberOr(pax.get('gid'), block, 116),
    mtimeS: seconds(pax.get('mtime')) ?? number(block, 136, 12),
    major: number(block, 329, 8),
    minor: number(block, 337, 8),
    xattrs: xattrNames(pax),
    isSparse: sparse !== undefined || pax.has('GNU.sparse.major'),
  }
}

const numberOr = (record: Buffer | undefined, block: Buffer, from: number): number =>
  decimal(record) ?? number(block, from, 8)

function bodySize(block: Buffer, pax: PaxRecords): number {
  const size = decimal(pax.get('size')) ?? number(block, 124, 12)
  if (size < 0) throw new DamagedTar('a number is out of range')
  return size
}

const sparseSize = (block: Buffer, pax: PaxRecords): number | undefined =>
  typeFlag(block) === 'S' ? number(block, 483, 12) : decimal(pax.get('GNU.sparse.realsize'))

/** Before there was a flag for folders, a slash at the end said it. */
function kindOf(flag: string, name: Buffer): TarKind {
  const isOldFolder = (flag === '0' || flag === '\0') && name.at(-1) === 0x2f
  return isOldFolder ? 'folder' : (kinds[flag] ?? 'other')
}

export interface LongNames {
  readonly name?: Buffer
  readonly link?: Buffer
}

/** Two zero blocks end an archive; one is taken for the end too, as `tar` does. */
export const isZero = (block: Buffer): boolean => block[0] === 0 && block.every((byte) => byte === 0)

/** Throws `DamagedTar` for what is no header: the sum of its bytes stands in it. */
export function checkHeader(block: Buffer): void {
  if (!isHeader(block)) throw new DamagedTar('a header is wrong')
}

export function isHeader(block: Buffer): boolean {
  if (block.length < blockBytes) return false
  let sum = 0
  for (let n = 0; n < blockBytes; n++) sum += n >= 148 && n < 156 ? 32 : (block[n] ?? 0)
  return octal(block, 148, 8) === sum
}

/** Not copied: it is read before the next block is. */
function field(block: Buffer, from: number, length: number): Buffer {
  let end = from
  while (end < from + length && block[end] !== 0) end++
  return block.subarray(from, end)
}

function ustarName(block: Buffer): Buffer {
  const name = field(block, 0, 100)
  if (block[345] === 0) return name
  // GNU's own format has other things where ustar has the prefix.
  const isUstar = block.toString('latin1', 257, 263) === 'ustar\0'
  return isUstar ? Buffer.concat([field(block, 345, 155), Buffer.from('/'), name]) : name
}

/** Octal text; or, when the first bit is set, a big-endian number (GNU, for what octal has no room for). */
function number(block: Buffer, from: number, length: number): number {
  const first = block[from] ?? 0
  if ((first & 0x80) === 0) {
    return octal(block, from, length)
  }
  const isNegative = (first & 0x40) !== 0
  let value = isNegative ? (first & 0x7f) - 0x80 : first & 0x7f
  for (let n = from + 1; n < from + length; n++) value = value * 256 + (block[n] ?? 0)
  return checked(value)
}

function octal(block: Buffer, from: number, length: number): number {
  let at = from
  while (at < from + length && (block[at] === 0x20 || block[at] === 0)) at++
  let value = 0
  for (; at < from + length; at++) {
    const digit = (block[at] ?? 0) - 0x30
    if (digit < 0 || digit > 7) break
    value = value * 8 + digit
  }
  return value
}

function checked(value: number): number {
  if (!Number.isSafeInteger(value)) throw new DamagedTar('a number is out of range')
  return value
}

const decimal = (value: Buffer | undefined): number | undefined =>
  value && /^\d{1,16}$/.test(value.toString('latin1')) ? checked(Number(value.toString('latin1'))) : undefined

function seconds(value: Buffer | undefined): number | undefined {
  const text = value?.toString('latin1') ?? ''
  return /^-?\d{1,12}(\.\d*)?$/.test(text) ? Math.floor(Number(text)) : undefined
}

const xattrKeys = 'SCHILY.xattr.'

const none: readonly string[] = []

const xattrNames = (pax: PaxRecords): readonly string[] =>
  pax.size === 0
    ? none
    : [...pax.keys()].flatMap((key) => (key.startsWith(xattrKeys) ? [key.slice(xattrKeys.length)] : []))

/** `length key=value\n`, one after the other; the length counts all of it. An empty value takes a key away. */
export function readPax(body: Buffer, before: PaxRecords): PaxRecords {
  const records = new Map(before)
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at)
    const text = space < 0 || space - at > 10 ? '' : body.toString('latin1', at, space)
    const length = /^\d+$/.test(text) ? Number(text) : 0
    const end = at + length
    const equals = body.indexOf(0x3d, space)
    if (length === 0 || end > body.length || equals < 0 || equals >= end || body[end - 1] !== 0x0a)
      throw new DamagedTar('a PAX record is wrong')
    const key = body.toString('utf8', space + 1, equals)
    if (equals + 1 === end - 1) records.delete(key)
    else records.set(key, Buffer.from(body.subarray(equals + 1, end - 1)))
    at = end
  }
  return records
}
