import * as v from 'valibot'
import type { WireError } from '../errors'

/**
 * What travels between a client and core, whatever carries it. Credit: the receiver of a stream grants
 * bytes, the sender stops at zero; the receiver acknowledges after its consumer came back for more.
 * Input of a stream flows the other way under the same rule (`want` is its acknowledgement).
 */
export type ClientMessage =
  | { readonly t: 'call'; readonly id: number; readonly name: string; readonly args: unknown }
  | {
      readonly t: 'open'
      readonly id: number
      readonly name: string
      readonly args: unknown
      readonly credit: number
    }
  | { readonly t: 'in'; readonly id: number; readonly value: unknown }
  | { readonly t: 'ack'; readonly id: number; readonly bytes: number }
  | { readonly t: 'cancel'; readonly id: number }

export type CoreMessage =
  | { readonly t: 'ok'; readonly id: number; readonly value: unknown }
  | { readonly t: 'err'; readonly id: number; readonly error: WireError }
  | { readonly t: 'data'; readonly id: number; readonly value: unknown }
  | { readonly t: 'end'; readonly id: number }
  | { readonly t: 'want'; readonly id: number; readonly bytes: number }
  | { readonly t: 'push'; readonly name: string; readonly value: unknown }

export type Message = ClientMessage | CoreMessage

const id = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff))
const credit = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64 * 1024 * 1024))
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(64))

/** The shape of what core accepts; argument shapes are checked per name after this. */
export const clientMessageSchema = v.variant('t', [
  v.object({ t: v.literal('call'), id, name, args: v.unknown() }),
  v.object({ t: v.literal('open'), id, name, args: v.unknown(), credit }),
  v.object({ t: v.literal('in'), id, value: v.unknown() }),
  v.object({ t: v.literal('ack'), id, bytes: credit }),
  v.object({ t: v.literal('cancel'), id }),
])

/** The largest message either side takes; a larger one ends the connection. */
export const maxMessageBytes = 8 * 1024 * 1024

/** What a client grants at first: enough for a full screen of log, little enough to feel a cancel. */
export const initialCreditBytes = 256 * 1024

/**
 * What one item costs in credit: its bytes, or about the length of its JSON. Both sides compute it from
 * the value, so it must be the same for a value before and after the wire.
 */
export function costOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.byteLength
  if (typeof value === 'string') return value.length
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + costOf(item), 1)
  if (typeof value === 'object' && value !== null) {
    let sum = 8
    for (const item of Object.values(value)) if (item !== undefined) sum += costOf(item)
    return sum
  }
  return 8
}

/** A two-way road for messages. `send` never blocks; `bufferedBytes` says how much has not left yet. */
export interface Transport<Out extends Message = Message, In extends Message = Message> {
  /** Throws for a message that cannot travel (`stream.broken`: larger than `maxMessageBytes`). After the close it does nothing. */
  send(message: Out): void
  /** Messages arrive as the other side wrote them: unchecked. */
  onMessage(listener: (message: In) => void): () => void
  /** Called once. */
  onClose(listener: () => void): () => void
  readonly bufferedBytes: number
  close(): void
}
export type CoreTransport = Transport<CoreMessage, ClientMessage>
export type ClientTransport = Transport<ClientMessage, CoreMessage>
