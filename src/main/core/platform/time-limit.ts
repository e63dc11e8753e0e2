import { setMaxListeners } from 'node:events'

/**
 * Ends with `outer`, or by itself after `timeoutMs`. In place of `AbortSignal.any([outer, AbortSignal.timeout(ms)])`:
 * Node 20 may collect that one before its time is over, and who waits for it waits for ever.
 */
export function timeLimit(outer: AbortSignal | undefined, timeoutMs: number): AbortSignal {
  const limit = new AbortController()
  // Many short limits may hang on one long signal; each lets go when its time is over.
  if (outer) setMaxListeners(0, outer)
  const onAbort = (): void => end(outer?.reason)
  const end = (reason: unknown): void => {
    clearTimeout(timer)
    outer?.removeEventListener('abort', onAbort)
    limit.abort(reason)
  }
  // The timer holds the controller: nothing else needs to.
  const timer = setTimeout(() => end(new DOMException('The time is over', 'TimeoutError')), timeoutMs)
  timer.unref()
  if (outer?.aborted) onAbort()
  else outer?.addEventListener('abort', onAbort, { once: true })
  return limit.signal
}
