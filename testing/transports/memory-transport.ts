import { Emitter } from '../../src/shared/std/emitter'
import { costOf, maxMessageBytes } from '../../src/shared/contract/wire'
import type { ClientTransport, CoreTransport, Message, Transport } from '../../src/shared/contract/wire'
import { tooLarge } from '../../src/shared/contract/codec'

/** As a hostile peer sends: no look at shape or size. */
interface Unchecked {
  sendUnchecked(message: unknown): void
}

/** Two ends of one road in memory. Messages arrive in a later microtask, copied as a port would copy them. */
export function memoryRoad(): { client: ClientTransport & Unchecked; core: CoreTransport } {
  const up = new MemoryEnd()
  const down = new MemoryEnd()
  up.other = down
  down.other = up
  return { client: up as unknown as ClientTransport & Unchecked, core: down as unknown as CoreTransport }
}

class MemoryEnd implements Transport {
  other: MemoryEnd | undefined
  readonly #messages = new Emitter<Message>()
  readonly #closes = new Emitter<void>()
  #isOpen = true
  bufferedBytes = 0

  send(message: Message): void {
    if (!this.#isOpen) return
    if (costOf(message) > maxMessageBytes) throw tooLarge()
    this.sendUnchecked(message)
  }

  sendUnchecked(message: unknown): void {
    const copy = copyOf(message) as Message
    queueMicrotask(() => this.other?.arrive(copy))
  }

  arrive(message: Message): void {
    if (!this.#isOpen) return
    if (costOf(message) > maxMessageBytes) this.close()
    else this.#messages.emit(message)
  }

  onMessage(listener: (message: Message) => void): () => void {
    return this.#messages.on(listener)
  }

  onClose(listener: () => void): () => void {
    return this.#closes.on(listener)
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    queueMicrotask(() => this.other?.close())
    this.#closes.emit()
  }
}

/** Bytes are nearly all that an upload is, and a clone would copy them twice. */
function copyOf(message: unknown): unknown {
  const value = (message as { value?: unknown } | null)?.value
  if (!(value instanceof Uint8Array)) return structuredClone(message)
  return { ...(message as object), value: new Uint8Array(value) }
}
