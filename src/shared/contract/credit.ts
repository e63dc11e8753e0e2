import { AppError } from '../errors'
import { costOf, initialCreditBytes } from './wire'

/**
 * The sender's side of a flow: values wait here until the receiver has granted room. One value may
 * overdraw the credit (or one larger than the whole grant could never leave); after it the flow stands
 * still until an acknowledgement lifts the balance above zero again.
 */
export class Credit {
  #balanceBytes: number
  #waiting: (() => void)[] = []

  constructor(grantedBytes = 0) {
    this.#balanceBytes = grantedBytes
  }

  get balanceBytes(): number {
    return this.#balanceBytes
  }

  grant(bytes: number): void {
    this.#balanceBytes += bytes
    if (this.#balanceBytes > 0) this.wake()
  }

  spend(bytes: number): void {
    this.#balanceBytes -= bytes
  }

  /** Resolves when there is room, or when the flow was woken to notice that it has ended. */
  room(): Promise<void> {
    if (this.#balanceBytes > 0) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/**
 * The receiver's side of a flow: a queue that one consumer iterates. A value is acknowledged when the
 * consumer comes back for the next one, so what is granted is never more than what it has worked through.
 */
export class Inbox<T> implements AsyncIterable<T> {
  readonly #acknowledge: (bytes: number) => void
  readonly #onLeave: () => void
  #queue: { readonly value: T; readonly bytes: number }[] = []
  #head = 0
  #ended: { readonly error: Error | undefined } | undefined
  #wake: (() => void) | undefined
  #owedBytes = 0
  #isTaken = false

  /** `onLeave` is called when the consumer stops before the end. */
  constructor(acknowledge: (bytes: number) => void, onLeave: () => void) {
    this.#acknowledge = acknowledge
    this.#onLeave = onLeave
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined
  }

  put(value: T, bytes = costOf(value)): void {
    if (this.#ended) return
    this.#queue.push({ value, bytes })
    this.#wake?.()
  }

  /** Ends it: what is queued is still handed out, then the error, if there is one. The first end counts. */
  end(error?: Error): void {
    this.#ended ??= { error }
    this.#wake?.()
  }

  /** Ends it and forgets what was queued. */
  drop(error?: Error): void {
    this.#queue = []
    this.#head = 0
    this.end(error)
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    if (this.#isTaken) throw new AppError('bug', 'A stream has one reader')
    this.#isTaken = true
    return {
      next: () => this.#next(),
      return: () => {
        if (!this.#ended) this.#onLeave()
        this.drop()
        return Promise.resolve({ done: true, value: undefined })
      },
    }
  }

  async #next(): Promise<IteratorResult<T, undefined>> {
    this.#settle()
    for (;;) {
      const item = this.#queue[this.#head]
      if (item) return { done: false, value: this.#take(item).value }
      if (this.#ended) {
        if (this.#ended.error !== undefined) throw this.#ended.error
        return { done: true, value: undefined }
      }
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  #take<Taken extends { readonly bytes: number }>(item: Taken): Taken {
    this.#head++
    // Shifting an array of thousands costs its length each time; cutting it at half costs it once.
    if (this.#head > 64 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    this.#owedBytes += item.bytes
    return item
  }

  /** A message for each small item would cost more than the item: a quarter of the grant goes at once. */
  #settle(): void {
    if (this.#ended || this.#owedBytes < initialCreditBytes / 4) return
    const bytes = this.#owedBytes
    this.#owedBytes = 0
    this.#acknowledge(bytes)
  }
}
