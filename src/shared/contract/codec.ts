import { AppError } from '../errors'
import { maxMessageBytes, type Message } from './wire'

/**
 * Messages as bytes, for transports that carry bytes (WebSocket, unix socket). A message whose value is
 * a Uint8Array (terminal and file bytes) becomes a binary frame: `[1][id u32 BE][bytes]`, with the kind
 * by direction (`data` down, `in` up); every other becomes JSON text.
 */
const binaryMark = 1

export function encode(message: Message): string | Uint8Array<ArrayBuffer> {
  if ((message.t === 'data' || message.t === 'in') && message.value instanceof Uint8Array) {
    const frame = new Uint8Array(5 + message.value.byteLength)
    frame[0] = binaryMark
    new DataView(frame.buffer).setUint32(1, message.id)
    frame.set(message.value, 5)
    return frame
  }
  return JSON.stringify(message)
}

/** Reads one frame. Throws `stream.broken` for what is no message; the shape is checked by who uses it. */
export function decode(frame: string | Uint8Array, binaryKind: 'data' | 'in'): Message {
  if (typeof frame === 'string') return parse(frame)
  if (frame.byteLength < 5 || frame[0] !== binaryMark) throw broken('an unknown binary frame')
  const id = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(1)
  return { t: binaryKind, id, value: frame.subarray(5) }
}

function parse(text: string): Message {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw broken('a frame that is not JSON', cause)
  }
  if (typeof value !== 'object' || value === null || typeof (value as { t?: unknown }).t !== 'string')
    throw broken('a frame that is no message')
  return value as Message
}

/** A frame as `encode` makes it. Throws `stream.broken` for one that the other side would refuse for its size. */
export function frameOf(message: Message): string | Uint8Array<ArrayBuffer> {
  const frame = encode(message)
  if (sizeOf(frame) > maxMessageBytes) throw tooLarge()
  return frame
}

/** In bytes of UTF-8. Counted only where the number of characters does not already decide. */
function sizeOf(frame: string | Uint8Array): number {
  if (typeof frame !== 'string') return frame.byteLength
  if (frame.length * 3 <= maxMessageBytes || frame.length > maxMessageBytes) return frame.length
  return new TextEncoder().encode(frame).byteLength
}

export const tooLarge = (): AppError =>
  new AppError('stream.broken', 'A message is larger than 8 MiB', { facts: { maxBytes: maxMessageBytes } })

const broken = (what: string, cause?: unknown): AppError =>
  new AppError('stream.broken', `The other side sent ${what}`, { cause })
