// Record marking, RFC 5531 section 11: a word before each fragment, its top bit set on the record's last one.

const lastFragment = 0x8000_0000

/** Some clients cut records into fragments; none needs more than a few. */
const maxFragments = 64

/** Cuts a byte stream into records of at most `maxBytes`. What is no record stream throws: drop the connection. */
export class RecordReader {
  #chunks: Buffer[] = []
  #bytes = 0
  /** Of the record under way: its finished fragments. */
  #parts: Buffer[] = []
  #partBytes = 0

  constructor(private readonly maxBytes: number) {}

  /** Bytes that are kept until their record is whole: never more than the longest record and one chunk. */
  get keptBytes(): number {
    return this.#bytes + this.#partBytes
  }

  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    const records: Buffer[] = []
    for (;;) {
      const record = this.#next()
      if (!record) return records
      if (record.length > 0) records.push(record)
    }
  }

  /** The next whole record, an empty buffer for a fragment that is not the last, or nothing yet. */
  #next(): Buffer | undefined {
    if (this.#bytes < 4) return undefined
    const mark = this.#joined(4).readUInt32BE(0)
    const length = mark & ~lastFragment
    if (this.#partBytes + length > this.maxBytes || this.#parts.length >= maxFragments)
      throw new RangeError(`A record of more than ${this.maxBytes} bytes`)
    if (this.#bytes < 4 + length) return undefined
    this.#take(4)
    this.#parts.push(this.#take(length))
    this.#partBytes += length
    if ((mark & lastFragment) === 0) return Buffer.alloc(0)
    const record = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts)
    this.#parts = []
    this.#partBytes = 0
    return record
  }

  /** Makes the first chunk hold at least `length` bytes. Joins all at once, so that many small chunks stay cheap. */
  #joined(length: number): Buffer {
    const first = this.#chunks[0]
    if (first && first.length >= length) return first
    const all = Buffer.concat(this.#chunks)
    this.#chunks = [all]
    return all
  }

  #take(length: number): Buffer {
    if (length === 0) return Buffer.alloc(0)
    const first = this.#joined(length)
    const taken = first.subarray(0, length)
    if (first.length === length) this.#chunks.shift()
    else this.#chunks[0] = first.subarray(length)
    this.#bytes -= length
    return taken
  }
}

/** The mark before a record that is sent as one fragment. */
export function recordMark(length: number): Buffer {
  const mark = Buffer.allocUnsafe(4)
  mark.writeUInt32BE((lastFragment | length) >>> 0)
  return mark
}
