import { maxMessageBytes } from '../../../shared/contract/wire'

/**
 * Frames on a socket: `[length u32 BE][kind u8][payload]`, where the length is that of the payload and
 * the kind 0 for JSON text, 1 for bytes.
 */
const headBytes = 5
const [textKind, binaryKind] = [0, 1]

export function frameBuffers(frame: string | Uint8Array): [head: Buffer, payload: Uint8Array] {
  const payload = typeof frame === 'string' ? Buffer.from(frame) : frame
  const head = Buffer.alloc(headBytes)
  head.writeUInt32BE(payload.byteLength)
  head[4] = typeof frame === 'string' ? textKind : binaryKind
  return [head, payload]
}

/** Cuts a byte stream into frames, whatever the sizes in which it comes. */
export class FrameReader {
  #chunks: Buffer[] = []
  #size = 0

  /** What has been received and is not yet a whole frame. */
  get pendingBytes(): number {
    return this.#size
  }

  /** Throws a RangeError at a head that no peer of ours writes. */
  *read(chunk: Buffer): Generator<string | Uint8Array> {
    this.#chunks.push(chunk)
    this.#size += chunk.byteLength
    while (this.#size >= headBytes) {
      const head = this.#peek(headBytes)
      const [length, kind] = [head.readUInt32BE(), head[4]]
      if (length > maxMessageBytes || (kind !== textKind && kind !== binaryKind))
        throw new RangeError('a frame with a wrong head')
      if (this.#size < headBytes + length) return
      const payload = this.#peek(headBytes + length).subarray(headBytes, headBytes + length)
      this.#drop(headBytes + length)
      yield kind === textKind ? payload.toString() : plain(payload)
    }
  }

  /** The first chunk, made long enough. Joining happens once a frame: a frame in 1,000 chunks is copied once. */
  #peek(bytes: number): Buffer {
    const first = this.#chunks[0] ?? Buffer.alloc(0)
    if (first.byteLength >= bytes) return first
    const joined = Buffer.concat(this.#chunks)
    this.#chunks = [joined]
    return joined
  }

  #drop(bytes: number): void {
    const first = this.#chunks.shift()
    if (first && first.byteLength > bytes) this.#chunks.unshift(first.subarray(bytes))
    this.#size -= bytes
  }
}

/** The same bytes without Node's face: handlers and clients are promised a Uint8Array. */
const plain = (bytes: Buffer): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
