import { isCode } from '../../../shared/errors'
import { cancelled, silent } from './engine-error'

export interface TurnWait {
  /** For the person, in errors. */
  readonly address: string
  readonly signal?: AbortSignal | undefined
  /** So long it waits while nobody before it is answered. */
  readonly timeoutMs: number
}

/**
 * Lets only so many calls go at once. The pool of Node could count too, but what waits there is told of nothing: when
 * the engine has gone it waits for ever, past its deadline, and may still be sent after it failed. To wait behind calls
 * that are answered is no silence of the engine's: a hundred slow stops take their time.
 */
export class Turns {
  #free: number
  /** In the order in which they came. */
  readonly #waiting = new Set<() => void>()
  #answeredMs = 0

  constructor(limit: number) {
    this.#free = limit
  }

  /**
   * Runs it when its turn has come. Rejects as the work does, when the signal comes first, and with
   * `engine.not-responding` when nobody was answered for too long.
   */
  async run<T>(wait: TurnWait, work: () => Promise<T>): Promise<T> {
    await this.#take(wait)
    try {
      const done = await work()
      this.#answeredMs = performance.now()
      return done
    } catch (error) {
      if (!isCode(error, 'engine.not-responding')) this.#answeredMs = performance.now()
      throw error
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
      const look = (): void => {
        const leftMs = this.#answeredMs + timeoutMs - performance.now()
        if (leftMs > 0) return void (deadline = setTimeout(look, leftMs))
        leave()
        reject(silent(address, timeoutMs))
      }
      let deadline = setTimeout(look, timeoutMs)
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
