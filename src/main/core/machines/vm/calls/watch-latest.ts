/** The newest value, each time there may be a new one, until the signal aborts. A slow reader misses the middle. */
export async function* watchLatest<T>(
  read: () => T,
  onChanged: (listener: () => void) => () => void,
  signal: AbortSignal,
): AsyncGenerator<T> {
  let isDue = true
  let wake = (): void => undefined
  const tell = (): void => {
    isDue = true
    wake()
  }
  const undo = onChanged(tell)
  signal.addEventListener('abort', tell, { once: true })
  try {
    while (!signal.aborted) {
      if (!isDue) await new Promise<void>((resolve) => (wake = resolve))
      if (signal.aborted) return
      isDue = false
      yield read()
    }
  } finally {
    signal.removeEventListener('abort', tell)
    undo()
  }
}
