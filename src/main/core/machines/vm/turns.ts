import { setMaxListeners } from 'node:events'

/** Who waits hears at once that it is given up; a step that has begun tells itself how it ends. */
class Waiting {
  readonly givenUp: Promise<never>
  end: () => void = () => undefined

  constructor(signal: AbortSignal) {
    this.givenUp = new Promise((_, reject) => {
      const onAbort = (): void => reject(signal.reason as Error)
      if (signal.aborted) onAbort()
      else signal.addEventListener('abort', onAbort, { once: true })
      this.end = () => signal.removeEventListener('abort', onAbort)
    })
  }
}

/** Steps that must not meet: each has its turn, in the order in which they were asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()
  readonly #open = new Set<AbortController>()

  /** Runs `step` when all before it are done. Its signal ends with `outer`, or when another cuts in. */
  take<T>(step: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
    const turn = new AbortController()
    setMaxListeners(0, turn.signal)
    const onAbort = (): void => turn.abort(outer?.reason)
    if (outer?.aborted) onAbort()
    else outer?.addEventListener('abort', onAbort, { once: true })
    this.#open.add(turn)
    const waiting = new Waiting(turn.signal)
    const done = this.#after(() => {
      turn.signal.throwIfAborted()
      waiting.end()
      return step(turn.signal)
    })
    return Promise.race([done, waiting.givenUp]).finally(() => {
      this.#open.delete(turn)
      outer?.removeEventListener('abort', onAbort)
    })
  }

  /** Gives up the turn under way and all that wait; the next one is this step's, and nobody cuts it short. */
  cutIn<T>(reason: Error, step: () => Promise<T>): Promise<T> {
    for (const turn of this.#open) turn.abort(reason)
    return this.#after(step)
  }

  #after<T>(step: () => Promise<T>): Promise<T> {
    const next = this.#last.then(step)
    this.#last = next.catch(() => undefined)
    return next
  }
}
