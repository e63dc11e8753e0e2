import { Credit, Inbox } from '../../../shared/contract/credit'
import {
  costOf,
  initialCreditBytes,
  type ClientMessage,
  type CoreMessage,
} from '../../../shared/contract/wire'
import { AppError, toWire } from '../../../shared/errors'
import { check, type Found } from './request'

/** What a client may grant one stream: it bounds what core can have on the road for it. */
const maxCreditBytes = 4 * 1024 * 1024

export interface StreamSurroundings {
  readonly found: Found
  send(message: CoreMessage): void
  /** The client broke the protocol: its connection ends. */
  breakOff(): void
  reportBug(thrown: unknown): void
}

/** Core's end of one stream: it asks the handler for an item only while the client has room for one. */
export class ServedStream {
  readonly #id: number
  readonly #args: unknown
  readonly #around: StreamSurroundings
  readonly #controller = new AbortController()
  readonly #downward: Credit
  readonly #grantedBytes: number
  readonly #input: Inbox<unknown>
  /** What the client may still send up. Zero for a stream that takes no input. */
  #upwardBytes = 0
  /** Why it was ended from this side, when not by its handler. */
  #failure: AppError | undefined

  constructor(message: Extract<ClientMessage, { t: 'open' }>, args: unknown, around: StreamSurroundings) {
    if (message.credit > maxCreditBytes)
      throw new AppError('input.invalid', 'Refused: too much credit', {
        facts: { path: 'credit', problem: `more than ${maxCreditBytes} bytes` },
      })
    this.#id = message.id
    this.#args = args
    this.#around = around
    this.#grantedBytes = message.credit
    this.#downward = new Credit(message.credit)
    this.#input = new Inbox(
      (bytes) => this.#want(bytes),
      () => undefined,
    )
  }

  /** Carries the stream to its end. Never rejects. */
  async run(): Promise<void> {
    try {
      if (this.#around.found.input) this.#want(initialCreditBytes)
      await this.#pump()
      if (this.#failure) throw this.#failure
      this.#around.send({ t: 'end', id: this.#id })
    } catch (thrown) {
      const error = toWire(this.#failure ?? thrown, this.#controller.signal)
      if (error.code === 'bug') this.#around.reportBug(thrown)
      this.#around.send({ t: 'err', id: this.#id, error })
    } finally {
      this.cancel()
    }
  }

  cancel(): void {
    this.#controller.abort()
    this.#input.drop()
    this.#downward.wake()
  }

  acknowledge(bytes: number): void {
    this.#downward.grant(bytes)
    if (this.#downward.balanceBytes > this.#grantedBytes) this.#breakOff('acknowledged more than was sent')
  }

  receive(value: unknown): void {
    const schema = this.#around.found.input
    if (!schema || this.#upwardBytes <= 0) return this.#breakOff('sent more than was wanted')
    const bytes = costOf(value)
    this.#upwardBytes -= bytes
    try {
      this.#input.put(check(schema, value), bytes)
    } catch (thrown) {
      // Wrong input spoils its own stream only.
      this.#failure ??= thrown as AppError
      this.cancel()
    }
  }

  async #pump(): Promise<void> {
    const { signal } = this.#controller
    const items = this.#around.found.handle(this.#args, { signal, input: this.#input })
    const iterator = (items as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    try {
      for (;;) {
        await this.#downward.room()
        if (signal.aborted) break
        const next = await iterator.next()
        if (next.done || signal.aborted) return
        this.#around.send({ t: 'data', id: this.#id, value: next.value })
        this.#downward.spend(costOf(next.value))
      }
    } finally {
      // On a generator that has ended this does nothing; on one that has not, it runs its clean-up.
      await iterator.return?.()
    }
  }

  #want(bytes: number): void {
    this.#upwardBytes += bytes
    this.#around.send({ t: 'want', id: this.#id, bytes })
  }

  #breakOff(what: string): void {
    const error = new AppError('stream.broken', `The client ${what}`)
    this.#failure ??= error
    this.#around.send({ t: 'err', id: this.#id, error: toWire(error) })
    this.#around.breakOff()
  }
}
