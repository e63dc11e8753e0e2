import { AppError } from '../errors'
import { Credit, Inbox } from './credit'
import type { ClientStream } from './index'
import { costOf, type ClientTransport } from './wire'

export interface StreamRoad {
  readonly id: number
  readonly transport: ClientTransport
  /** Called once, when nothing more comes or goes. */
  readonly onEnd: () => void
}

/** The client's end of a stream. After a break of any kind what had arrived is still handed out. */
export class OpenStream implements ClientStream<unknown, unknown> {
  readonly #road: StreamRoad
  readonly #inbox: Inbox<unknown>
  /** Nothing may go up before core has said how much it wants. */
  readonly #upward = new Credit()
  #lastSend: Promise<void> = Promise.resolve()
  #endedBy: AppError | undefined

  constructor(road: StreamRoad) {
    this.#road = road
    this.#inbox = new Inbox(
      (bytes) => road.transport.send({ t: 'ack', id: road.id, bytes }),
      () => this.cancel(),
    )
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this.#inbox[Symbol.asyncIterator]()
  }

  /** Sends in the order of the calls. Rejects when the stream has ended: whoever uploads must stop. */
  send(input: unknown): Promise<void> {
    const sent = this.#lastSend.then(() => this.#sendNow(input))
    // One refused input does not hold back those after it; its own caller hears of it.
    this.#lastSend = sent.catch(() => undefined)
    return sent
  }

  cancel(): void {
    if (this.#endedBy) return
    this.#road.transport.send({ t: 'cancel', id: this.#road.id })
    this.#close(new AppError('cancelled', 'Cancelled'))
    this.#inbox.drop()
  }

  receive(value: unknown): void {
    this.#inbox.put(value)
  }

  grant(bytes: number): void {
    this.#upward.grant(bytes)
  }

  end(): void {
    this.#close(new AppError('cancelled', 'The stream has ended'))
    this.#inbox.end()
  }

  fail(thrown: unknown): void {
    const error =
      thrown instanceof AppError ? thrown : new AppError('bug', 'It could not be sent', { cause: thrown })
    this.#close(error)
    this.#inbox.end(error)
  }

  #close(error: AppError): void {
    this.#endedBy ??= error
    this.#upward.wake()
    this.#road.onEnd()
  }

  async #sendNow(input: unknown): Promise<void> {
    while (!this.#endedBy && this.#upward.balanceBytes <= 0) await this.#upward.room()
    if (this.#endedBy) throw this.#endedBy
    this.#road.transport.send({ t: 'in', id: this.#road.id, value: input })
    this.#upward.spend(costOf(input))
  }
}
