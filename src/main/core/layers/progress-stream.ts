/** No person reads faster. */
const everyMs = 100

/**
 * What a piece of work tells while it runs, then what it gives. A slow reader gets the newest only; who leaves ends
 * the work.
 */
export async function* withProgress<Progress, T>(
  work: (tell: (progress: Progress) => void, signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): AsyncGenerator<Progress, T> {
  const end = new AbortController()
  let newest: { readonly progress: Progress } | undefined
  let wake = (): void => undefined
  let isOver = false
  let toldAtMs = -Infinity
  const tell = (progress: Progress): void => {
    newest = { progress }
    if (performance.now() - toldAtMs >= everyMs) wake()
  }
  const done = work(tell, AbortSignal.any([signal, end.signal])).finally(() => {
    isOver = true
    wake()
  })
  done.catch(() => undefined)
  try {
    while (!isOver) {
      await new Promise<void>((resolve) => (wake = resolve))
      if (isOver || !newest) continue
      const { progress } = newest
      newest = undefined
      toldAtMs = performance.now()
      yield progress
    }
    return await done
  } finally {
    end.abort()
  }
}
