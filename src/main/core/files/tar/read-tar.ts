/**
 * Reads a tar without losing a name: tar-stream makes text of PAX names, and names that are no UTF-8 are gone then.
 * Source: POSIX pax, "Interchange Format"; GNU tar's manual for `L` and `K`.
 */
import { AppError } from '../../../../shared/errors'

const block = 512
/** Attributes of one entry; more is no tar of an engine. */
const maxExtensionBytes = 1024 * 1024

export interface TarHead {
  readonly name: Buffer
  /** `0` file, `1` hard link, `2` link, `3` char, `4` block, `5` folder, `6` pipe. */
  readonly type: string
  readonly sizeBytes: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtimeS: number
  readonly link: Buffer
}

/** Gives bytes on demand and skips them without keeping them. */
class Bytes {
  readonly #source: AsyncIterator<Uint8Array>
  #left: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** At most so many of the next bytes; empty at the end. */
  async some(most: number): Promise<Buffer> {
    while (this.#left.length === 0) {
      const next = await this.#source.next()
      if (next.done) return this.#left
      this.#left = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
    }
    const piece = this.#left.subarray(0, most)
    this.#left = this.#left.subarray(piece.length)
    return piece
  }

  async exactly(count: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = []
    for (let got = 0; got < count;) {
      const piece = await this.some(count - got)
      if (piece.length === 0) return undefined
      pieces.push(piece)
      got += piece.length
    }
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)
  }

  async skip(count: number): Promise<void> {
    for (let got = 0; got < count;) {
      const piece = await this.some(count - got)
      if (piece.length === 0) throw damaged()
      got += piece.length
    }
  }

  async end(): Promise<void> {
    await this.#source.return?.()
  }
}

const damaged = (): AppError => new AppError('engine.bad-answer', 'The engine sent a tar that breaks off')

export interface TarEntry {
  readonly head: TarHead
  /** Its bytes; to be read before the next entry is asked for, or not at all. */
  readonly data: () => AsyncGenerator<Buffer>
}

/** The entries of a tar, in order. Leaving the loop ends the source. A tar that breaks off throws. */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const bytes = new Bytes(source)
  let extension: Extension = {}
  try {
    for (;;) {
      const raw = await bytes.exactly(block)
      if (!raw) throw damaged()
      if (raw.every((byte) => byte === 0)) return
      const head = headOf(raw, extension)
      const padded = Math.ceil(head.sizeBytes / block) * block
      if ('xgLK'.includes(head.type)) {
        if (padded > maxExtensionBytes) throw damaged()
        const body = await bytes.exactly(padded)
        if (!body) throw damaged()
        extension = extended(extension, head.type, body.subarray(0, head.sizeBytes))
        continue
      }
      extension = {}
      const hasData = head.type === '0' || head.type === '7'
      let left = hasData ? head.sizeBytes : 0
      async function* data(): AsyncGenerator<Buffer> {
        while (left > 0) {
          const piece = await bytes.some(left)
          if (piece.length === 0) throw damaged()
          left -= piece.length
          yield piece
        }
      }
      yield { head, data }
      if (hasData) await bytes.skip(left + padded - head.sizeBytes)
    }
  } finally {
    await bytes.end()
  }
}

interface Extension {
  readonly name?: Buffer
  readonly link?: Buffer
  readonly numbers?: Readonly<Record<string, number>>
}

function headOf(raw: Buffer, { name, link, numbers = {} }: Extension): TarHead {
  const isPosix = raw.toString('latin1', 257, 263) === 'ustar\0'
  const prefix = isPosix ? text(raw, 345, 155) : Buffer.alloc(0)
  const short = text(raw, 0, 100)
  const type = String.fromCharCode(raw[156] || 0x30)
  return {
    name: name ?? (prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), short]) : short),
    link: link ?? text(raw, 157, 100),
    type,
    sizeBytes: numbers['size'] ?? number(raw, 124, 12),
    mode: number(raw, 100, 8) & 0o7777,
    uid: numbers['uid'] ?? number(raw, 108, 8),
    gid: numbers['gid'] ?? number(raw, 116, 8),
    mtimeS: Math.floor(numbers['mtime'] ?? number(raw, 136, 12)),
  }
}

function text(raw: Buffer, from: number, length: number): Buffer {
  const field = raw.subarray(from, from + length)
  const end = field.indexOf(0)
  return Buffer.from(end < 0 ? field : field.subarray(0, end))
}

/** Octal digits, or base 256 where the first bit is set. */
function number(raw: Buffer, from: number, length: number): number {
  const first = raw[from] as number
  if ((first & 0x80) === 0)
    return parseInt(raw.toString('latin1', from, from + length).replace(/[\0 ]/g, ''), 8) || 0
  let value = first & 0x7f
  for (let at = from + 1; at < from + length; at++) value = value * 256 + (raw[at] as number)
  return value
}

function extended(before: Extension, type: string, body: Buffer): Extension {
  if (type === 'L') return { ...before, name: text(body, 0, body.length) }
  if (type === 'K') return { ...before, link: text(body, 0, body.length) }
  // A global one is of archives of commits: nothing of it names a file.
  if (type === 'g') return before
  let found = before
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at)
    const length = parseInt(body.toString('latin1', at, space), 10)
    if (space < 0 || !(length > space - at)) throw damaged()
    const record = body.subarray(space + 1, at + length - 1)
    found = withRecord(found, record)
    at += length
  }
  return found
}

function withRecord(before: Extension, record: Buffer): Extension {
  const equals = record.indexOf(0x3d)
  const key = record.toString('latin1', 0, equals)
  const value = Buffer.from(record.subarray(equals + 1))
  if (key === 'path') return { ...before, name: value }
  if (key === 'linkpath') return { ...before, link: value }
  if (!['size', 'uid', 'gid', 'mtime'].includes(key)) return before
  return { ...before, numbers: { ...before.numbers, [key]: Number(value.toString('latin1')) } }
}
