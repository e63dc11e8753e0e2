/** Reads a byte stream in the amounts that its reader wants, without ever holding more than asked for. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Buffer = Buffer.alloc(0)
  /** Bytes that were taken so far. */
  taken = 0

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** The next bytes when all of them are here already: the common case costs no turn of the loop. */
  takeNow(bytes: number): Buffer | undefined {
    if (this.#rest.length < bytes) return undefined
    const taken = this.#rest.subarray(0, bytes)
    this.#rest = this.#rest.subarray(bytes)
    this.taken += bytes
    return taken
  }

  /** Exactly so many bytes, or fewer when the stream ends. */
  async take(bytes: number): Promise<Buffer> {
    const now = this.takeNow(bytes)
    if (now) return now
    const parts: Buffer[] = []
    let missing = bytes
    for await (const piece of this.pieces(bytes)) {
      parts.push(piece)
      missing -= piece.length
      if (missing === 0) break
    }
    return Buffer.concat(parts)
  }

  /** So many bytes in the pieces in which they come; fewer when the stream ends. */
  async *pieces(bytes: number): AsyncGenerator<Buffer> {
    let missing = bytes
    while (missing > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) return
      const piece = this.#rest.subarray(0, missing)
      this.#rest = this.#rest.subarray(piece.length)
      this.taken += piece.length
      missing -= piece.length
      yield piece
    }
  }

  /** Skips what is here already of so many bytes; answers how many those were. */
  skipNow(bytes: number): number {
    const step = Math.min(bytes, this.#rest.length)
    this.#rest = this.#rest.subarray(step)
    this.taken += step
    return step
  }

  /** Answers how many were there. */
  async skip(bytes: number): Promise<number> {
    let missing = bytes - this.skipNow(bytes)
    while (missing > 0 && (await this.#more())) missing -= this.skipNow(missing)
    return bytes - missing
  }

  /** What comes next, without taking it; fewer bytes when the stream ends. */
  async peek(bytes: number): Promise<Buffer> {
    while (this.#rest.length < bytes) {
      const before = this.#rest
      this.#rest = Buffer.alloc(0)
      const isMore = await this.#more()
      this.#rest = before.length === 0 ? this.#rest : Buffer.concat([before, this.#rest])
      if (!isMore) break
    }
    return this.#rest.subarray(0, bytes)
  }

  /** Ends the source: nobody wants the rest. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const next = await this.#chunks.next()
      if (next.done === true) return false
      const { buffer, byteOffset, byteLength } = next.value
      if (byteLength === 0) continue
      this.#rest = Buffer.from(buffer, byteOffset, byteLength)
      return true
    }
  }
}
