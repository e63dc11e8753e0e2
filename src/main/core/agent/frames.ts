import { AppError } from '../../../shared/errors'

/** What a frame is. The numbers are the wire's own: `docs/agent-protocol.md`. */
export const kinds = {
  hello: 1,
  call: 2,
  reply: 3,
  error: 4,
  open: 5,
  data: 6,
  message: 7,
  end: 8,
  credit: 9,
  cancel: 10,
} as const
export type FrameKind = (typeof kinds)[keyof typeof kinds]

export interface Frame {
  readonly kind: FrameKind
  /** Names the call or stream; 0 for hello. */
  readonly id: number
  readonly payload: Buffer
}

/** Bounds a frame on both sides: what is larger is sent in pieces. */
export const maxPayloadBytes = 1024 * 1024
const headBytes = 9

/** Length of what follows (4, big endian), kind (1), id (4), payload. */
export function encodeFrame(kind: FrameKind, id: number, payload: Uint8Array = new Uint8Array()): Buffer {
  if (payload.byteLength > maxPayloadBytes)
    throw new AppError('bug', `A frame of ${payload.byteLength} bytes is too large`)
  const frame = Buffer.allocUnsafe(headBytes + payload.byteLength)
  frame.writeUInt32BE(headBytes - 4 + payload.byteLength, 0)
  frame.writeUInt8(kind, 4)
  frame.writeUInt32BE(id, 5)
  frame.set(payload, headBytes)
  return frame
}

/** Cuts a byte stream into frames. Payloads are views of what was pushed, or of their own copy. */
export class FrameReader {
  #kept: Buffer[] = []
  #keptBytes = 0
  #neededBytes = headBytes

  /** Bytes of a frame that has not come whole: more than 0 at the end of a stream means that it was cut. */
  get pendingBytes(): number {
    return this.#keptBytes
  }

  /** Throws `engine.bad-answer` for what is no frame: the stream is of no use from there on. */
  push(chunk: Buffer): Frame[] {
    this.#kept.push(chunk)
    this.#keptBytes += chunk.byteLength
    if (this.#keptBytes < this.#neededBytes) return []
    const bytes = this.#kept.length === 1 ? chunk : Buffer.concat(this.#kept)
    const frames: Frame[] = []
    let at = 0
    for (;;) {
      const left = bytes.byteLength - at
      this.#neededBytes = left < headBytes ? headBytes : lengthAt(bytes, at)
      if (left < this.#neededBytes) break
      const end = at + this.#neededBytes
      frames.push({
        kind: bytes.readUInt8(at + 4) as FrameKind,
        id: bytes.readUInt32BE(at + 5),
        payload: bytes.subarray(at + headBytes, end),
      })
      at = end
    }
    this.#kept = at < bytes.byteLength ? [bytes.subarray(at)] : []
    this.#keptBytes = bytes.byteLength - at
    return frames
  }
}

function lengthAt(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at) + 4
  const kind = bytes.readUInt8(at + 4)
  if (length < headBytes || length > headBytes + maxPayloadBytes || kind < kinds.hello || kind > kinds.cancel)
    throw new AppError('engine.bad-answer', 'The agent sent what is no frame', { facts: { what: 'agent' } })
  return length
}
