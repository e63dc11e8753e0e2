/** A wait that passed its deadline: `what` says for what, in words a log reader understands. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'

  constructor(
    readonly what: string,
    readonly timeoutMs: number,
    cause?: unknown,
  ) {
    super(`${what} took longer than ${timeoutMs} ms`, { cause })
  }
}

export interface Wait {
  readonly signal?: AbortSignal
  readonly timeoutMs: number
  readonly what: string
  /** Between two looks. */
  readonly everyMs?: number
}

/** Sleeps, and throws the signal's reason when it is aborted meanwhile. Only for waits that poll. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/**
 * Looks until `check` answers something that is not `undefined` or `false`. Throws `DeadlineError`, the
 * signal's reason, or what `check` throws.
 */
export async function waitFor<T>(
  check: () => T | undefined | false | Promise<T | undefined | false>,
  { signal, timeoutMs, what, everyMs = 50 }: Wait,
): Promise<T> {
  const endMs = performance.now() + timeoutMs
  for (;;) {
    signal?.throwIfAborted()
    const found = await check()
    if (found !== undefined && found !== false) return found
    if (performance.now() >= endMs) throw new DeadlineError(what, timeoutMs)
    await pause(everyMs, signal)
  }
}
