import { cancelled, silent } from './engine-error'

export interface TurnWait {
  /** For the person, in errors. */
  readonly address: string
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs: number
}

/**
 * Lets only so many calls go at once. The pool of Node could count too, but what waits there is told of nothing: when
 * the engine has gone it waits for ever, past its deadline, and may still be sent after it failed.
 */
export class Turns {
  #free: number
  /** In the order in which they came. */
  readonly #waiting = new Set<() => void>()

  constructor(limit: number) {
    this.#free = limit
  }

  /**
   * Runs it when its turn has come, with the milliseconds that are left to it. Rejects as the work does, and when the
   * signal or the deadline comes first.
   */
  async run<T>(wait: TurnWait, work: (leftMs: number) => Promise<T>): Promise<T> {
    const until = performance.now() + wait.timeoutMs
    await this.#take(wait)
    try {
      return await work(Math.max(1, Math.round(until - performance.now())))
    } finally {
      this.#give()
    }
  }

  async #take({ address, signal, timeoutMs }: TurnWait): Promise<void> {
    if (signal?.aborted) throw cancelled()
    if (this.#free > 0) {
      this.#free--
      return
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(deadline)
        signal?.removeEventListener('abort', onAbort)
        this.#waiting.delete(go)
      }
      const go = (): void => {
        leave()
        resolve()
      }
      const onAbort = (): void => {
        leave()
        reject(cancelled())
      }
      const deadline = setTimeout(() => {
        leave()
        reject(silent(address, timeoutMs))
      }, timeoutMs)
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting.add(go)
    })
  }

  /** To the first who waits, or back. */
  #give(): void {
    const [next] = this.#waiting
    if (next) next()
    else this.#free++
  }
}
