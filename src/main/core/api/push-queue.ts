import type { PushName } from '../../../shared/contract'
import type { CoreTransport } from '../../../shared/contract/wire'

/** Above this much unsent, pushes wait: the client is busy with what it has. */
const highWaterBytes = 1024 * 1024
/** How often a held push looks whether the road is free. A timer runs only while one is held. */
const lookAgainMs = 100

/** Pushes for one client. While it is slow, the newest of each name replaces an unsent older one. */
export class PushQueue {
  readonly #transport: CoreTransport
  readonly #held = new Map<PushName, unknown>()
  #timer: NodeJS.Timeout | undefined

  constructor(transport: CoreTransport) {
    this.#transport = transport
  }

  put(name: PushName, value: unknown): void {
    // Deleted first, so that a replaced push takes its place at the end of the line.
    this.#held.delete(name)
    this.#held.set(name, value)
    this.#flush()
  }

  close(): void {
    this.#held.clear()
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #flush(): void {
    for (const [name, value] of this.#held) {
      if (this.#transport.bufferedBytes > highWaterBytes) {
        this.#timer ??= setInterval(() => this.#flush(), lookAgainMs)
        return
      }
      this.#held.delete(name)
      this.#transport.send({ t: 'push', name, value })
    }
    this.close()
  }
}
