// XDR, RFC 4506: big-endian words of four bytes, opaque data padded to a whole word.

/** What came is not what the program's definition promises. The caller answers GARBAGE_ARGS. */
export class XdrError extends Error {
  override readonly name = 'XdrError'
}

// Not by masks: they would make a length past 2^31 negative.
const padded = (length: number): number => length + ((4 - (length % 4)) % 4)

/** Reads a message. Never reads past its end, never trusts a length; opaque data are views, not copies. */
export class XdrReader {
  #at = 0

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.#at
  }

  u32(): number {
    const at = this.#take(4)
    return this.bytes.readUInt32BE(at)
  }

  bool(): boolean {
    return this.u32() !== 0
  }

  u64(): bigint {
    const at = this.#take(8)
    return this.bytes.readBigUInt64BE(at)
  }

  fixed(length: number): Buffer {
    const at = this.#take(padded(length))
    return this.bytes.subarray(at, at + length)
  }

  opaque(maxLength: number): Buffer {
    const length = this.u32()
    if (length > maxLength) throw new XdrError(`${length} bytes where at most ${maxLength} may be`)
    return this.fixed(length)
  }

  /** One character a byte: names on disk are bytes in no known encoding. */
  text(maxLength: number): string {
    return this.opaque(maxLength).toString('latin1')
  }

  #take(length: number): number {
    if (length > this.left) throw new XdrError('The message ends too early')
    const at = this.#at
    this.#at += length
    return at
  }
}

const firstBytes = 256
/** Up to here copying costs less than one more chunk to send. */
const smallBytes = 8_192

/** Writes a message. Big data are referenced, not copied: hand them over for good. */
export class XdrWriter {
  readonly #done: Buffer[] = []
  #doneBytes = 0
  #bytes = Buffer.allocUnsafe(firstBytes)
  #at = 0

  get length(): number {
    return this.#doneBytes + this.#at
  }

  u32(value: number): this {
    this.#at = this.#room(4).writeUInt32BE(value >>> 0, this.#at)
    return this
  }

  bool(value: boolean): this {
    return this.u32(value ? 1 : 0)
  }

  u64(value: bigint | number): this {
    this.#at = this.#room(8).writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)), this.#at)
    return this
  }

  fixed(bytes: Buffer): this {
    const length = padded(bytes.length)
    const room = this.#room(length)
    bytes.copy(room, this.#at)
    room.fill(0, this.#at + bytes.length, this.#at + length)
    this.#at += length
    return this
  }

  opaque(bytes: Buffer): this {
    return this.u32(bytes.length).fixed(bytes)
  }

  text(text: string): this {
    return this.opaque(Buffer.from(text, 'latin1'))
  }

  /** As `opaque`, without a copy. */
  data(bytes: Buffer): this {
    return this.u32(bytes.length)
      .raw(bytes)
      .raw(Buffer.alloc(padded(bytes.length) - bytes.length))
  }

  /** Whole words that were written before. */
  raw(bytes: Buffer): this {
    this.#finishChunk()
    this.#done.push(bytes)
    this.#doneBytes += bytes.length
    return this
  }

  /** Puts another message's content after this one's. */
  append(other: XdrWriter): this {
    for (const chunk of other.chunks()) {
      if (chunk.length <= smallBytes) this.#copy(chunk)
      else this.raw(chunk)
    }
    return this
  }

  chunks(): Buffer[] {
    this.#finishChunk()
    return this.#done
  }

  #copy(bytes: Buffer): void {
    bytes.copy(this.#room(bytes.length), this.#at)
    this.#at += bytes.length
  }

  #finishChunk(): void {
    if (this.#at === 0) return
    this.#done.push(this.#bytes.subarray(0, this.#at))
    this.#doneBytes += this.#at
    this.#bytes = Buffer.allocUnsafe(firstBytes)
    this.#at = 0
  }

  #room(length: number): Buffer {
    const needed = this.#at + length
    if (needed <= this.#bytes.length) return this.#bytes
    const bigger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(bigger, 0, 0, this.#at)
    this.#bytes = bigger
    return bigger
  }
}
