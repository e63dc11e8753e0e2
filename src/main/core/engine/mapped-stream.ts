import type { Readable } from 'node:stream'
import { cancelled, transportError } from './engine-error'

/**
 * Makes a stream fail with our errors and end with the caller's signal, without a copy of its bytes. Its
 * own `_destroy` is the one place that every failure passes.
 */
export function mapped<S extends Readable>(stream: S, address: string, signal?: AbortSignal): S {
  const destroyBelow = stream._destroy.bind(stream)
  stream._destroy = (error, done) => {
    destroyBelow(error, (thrown) => done(thrown ? transportError(thrown, address) : (thrown ?? null)))
  }
  const onAbort = (): void => void stream.destroy(cancelled())
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  stream.once('close', () => signal?.removeEventListener('abort', onAbort))
  return stream
}
