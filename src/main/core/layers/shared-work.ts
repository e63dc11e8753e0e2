import { AppError } from '../../../shared/errors'

/** Work that several may wait for: it is done once, all hear its progress, and it ends when nobody waits any more. */
export class SharedWork<Progress, T> {
  readonly #running = new Map<string, Running<Progress, T>>()

  /** Throws the signal's reason when this one's own waiting ends. */
  async join(
    key: string,
    work: (signal: AbortSignal, progress: (progress: Progress) => void) => Promise<T>,
    { signal, onProgress }: { signal: AbortSignal; onProgress?: (progress: Progress) => void },
  ): Promise<T> {
    signal.throwIfAborted()
    const running = this.#running.get(key) ?? this.#start(key, work)
    if (onProgress) running.listeners.add(onProgress)
    running.waiting++
    let leave = (): void => undefined
    const left = new Promise<never>((_, reject) => {
      leave = (): void => reject(signal.reason as Error)
      signal.addEventListener('abort', leave, { once: true })
    })
    try {
      return await Promise.race([running.done, left])
    } finally {
      signal.removeEventListener('abort', leave)
      if (onProgress) running.listeners.delete(onProgress)
      if (--running.waiting === 0) running.end.abort(new AppError('cancelled', 'Nobody waits any more'))
      if (running.end.signal.aborted && this.#running.get(key) === running) this.#running.delete(key)
    }
  }

  #start(
    key: string,
    work: (signal: AbortSignal, progress: (progress: Progress) => void) => Promise<T>,
  ): Running<Progress, T> {
    const end = new AbortController()
    const listeners = new Set<(progress: Progress) => void>()
    const tell = (progress: Progress): void => listeners.forEach((listener) => listener(progress))
    const running: Running<Progress, T> = { end, listeners, waiting: 0, done: work(end.signal, tell) }
    // Who left does not hear of it.
    running.done.catch(() => undefined)
    this.#running.set(key, running)
    return running
  }
}

interface Running<Progress, T> {
  readonly end: AbortController
  readonly listeners: Set<(progress: Progress) => void>
  readonly done: Promise<T>
  waiting: number
}
