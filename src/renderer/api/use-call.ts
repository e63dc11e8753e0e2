import { useCallback, useEffect, useState } from 'react'
import type { Args, CallName, Reply } from '../../shared/contract'
import { AppError } from '../../shared/errors'
import { getClient } from './connection'

export type CallState<T> = { readonly reload: () => void } & (
  | { readonly state: 'loading'; readonly value: undefined; readonly error: undefined }
  /** `value` stays while a reload is under way. */
  | { readonly state: 'ready'; readonly value: T; readonly error: undefined }
  | { readonly state: 'failed'; readonly value: undefined; readonly error: AppError }
)

type Settled<T> = { readonly value: T } | { readonly error: AppError }

/**
 * The answer to a question, asked when the component appears and whenever its arguments change, and
 * cancelled when it goes. `null` as arguments: not yet. An answer to other arguments is never shown.
 */
export function useCall<N extends CallName>(name: N, args: Args<N> | null): CallState<Reply<N>> {
  const key = args === null ? undefined : `${name} ${JSON.stringify(args)}`
  const [round, setRound] = useState(0)
  const [settled, setSettled] = useState<{ readonly key: string; readonly result: Settled<Reply<N>> }>()
  useEffect(() => {
    if (key === undefined) return undefined
    const controller = new AbortController()
    const settle = (result: Settled<Reply<N>>): void => {
      if (!controller.signal.aborted) setSettled({ key, result })
    }
    // The key is the arguments as text, so an object that is new but equal asks nothing.
    const asked = JSON.parse(key.slice(name.length + 1)) as Args<N>
    getClient()
      .call(name, asked, controller.signal)
      .then(
        (value) => settle({ value }),
        (error: unknown) => settle({ error: asAppError(error) }),
      )
    return () => controller.abort()
  }, [name, key, round])
  const reload = useCallback(() => setRound((n) => n + 1), [])
  if (settled === undefined || settled.key !== key)
    return { state: 'loading', value: undefined, error: undefined, reload }
  return 'error' in settled.result
    ? { state: 'failed', value: undefined, error: settled.result.error, reload }
    : { state: 'ready', value: settled.result.value, error: undefined, reload }
}

export function asAppError(error: unknown): AppError {
  return error instanceof AppError
    ? error
    : new AppError('bug', 'Something went wrong inside Slipway', { cause: error })
}
