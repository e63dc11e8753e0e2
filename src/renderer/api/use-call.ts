import { useCallback, useEffect, useState } from 'react'
import type { Args, CallName, Reply } from '../../shared/contract'
import { AppError, isCode } from '../../shared/errors'
import { connectionStore, getClient } from './connection'

/** `isBusy`: an answer is on its way, the first or a newer one. */
export type CallState<T> = { readonly reload: () => void; readonly isBusy: boolean } & (
  | { readonly state: 'loading'; readonly value: undefined; readonly error: undefined }
  /** `value` stays while a reload is under way. */
  | { readonly state: 'ready'; readonly value: T; readonly error: undefined }
  /** `value` is what was known before a reload that failed. */
  | { readonly state: 'failed'; readonly value: T | undefined; readonly error: AppError }
)

interface Settled<T> {
  readonly key: string
  readonly round: number
  readonly value: T | undefined
  readonly error: AppError | undefined
}

/**
 * The answer to a question, asked when the component appears and whenever its arguments change, and
 * cancelled when it goes. `null` as arguments: not yet. An answer to other arguments is never shown. What a lost
 * connection left without an answer is asked again once there is another.
 */
export function useCall<N extends CallName>(name: N, args: Args<N> | null): CallState<Reply<N>> {
  const key = args === null ? undefined : `${name} ${JSON.stringify(args)}`
  const [round, setRound] = useState(0)
  const [settled, setSettled] = useState<Settled<Reply<N>>>()
  const reload = useCallback(() => setRound((n) => n + 1), [])
  useEffect(() => {
    if (key === undefined) return undefined
    const controller = new AbortController()
    let isLost = false
    const fail = (error: AppError): void => {
      if (controller.signal.aborted) return
      isLost = isCode(error, 'core.gone')
      setSettled((last) => ({ key, round, value: last?.key === key ? last.value : undefined, error }))
    }
    const stop = connectionStore.subscribe(({ state }) => {
      if (isLost && state === 'connected') reload()
    })
    // The key is the arguments as text, so an object that is new but equal asks nothing.
    const asked = JSON.parse(key.slice(name.length + 1)) as Args<N>
    getClient()
      .call(name, asked, controller.signal)
      .then(
        (value) => {
          if (!controller.signal.aborted) setSettled({ key, round, value, error: undefined })
        },
        (error: unknown) => fail(asAppError(error)),
      )
    return () => {
      stop()
      controller.abort()
    }
  }, [name, key, round, reload])
  if (settled === undefined || settled.key !== key)
    return { state: 'loading', value: undefined, error: undefined, reload, isBusy: key !== undefined }
  const { value, error } = settled
  const isBusy = settled.round !== round
  return error
    ? { state: 'failed', value, error, reload, isBusy }
    : { state: 'ready', value: value as Reply<N>, error, reload, isBusy }
}

export function asAppError(error: unknown): AppError {
  return error instanceof AppError
    ? error
    : new AppError('bug', 'Something went wrong inside Slipway', { cause: error })
}
