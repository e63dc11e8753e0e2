/**
 * A signal that aborts after `timeoutMs` with a `TimeoutError`, or with `outer`. Stands in for
 * `AbortSignal.any([outer, AbortSignal.timeout(ms)])`: in Node 20 nothing holds the inner signal while something
 * waits on the joined one, the collector takes it, and the deadline never comes.
 */
export function deadline(timeoutMs: number, outer?: AbortSignal): AbortSignal {
  const end = new AbortController()
  if (outer?.aborted) {
    end.abort(outer.reason)
    return end.signal
  }
  const onOuter = (): void => {
    clearTimeout(timer)
    end.abort(outer?.reason)
  }
  const timer = setTimeout(() => {
    outer?.removeEventListener('abort', onOuter)
    end.abort(new DOMException(`Not done in ${timeoutMs} ms`, 'TimeoutError'))
  }, timeoutMs)
  // Who only waits for a deadline need not be waited for.
  timer.unref()
  outer?.addEventListener('abort', onOuter, { once: true })
  return end.signal
}
