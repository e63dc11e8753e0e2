import { useCallback, useEffect, useState } from 'react'
import { toWire, type WireError } from '../../../../shared/errors'
import type { FilePath, FilePlace } from '../../../../shared/model/file-entry'
import { placeKey } from '../place'
import { readContent, type FileContent } from './file-content'

export type ContentState = { readonly reload: () => void } & (
  | { readonly state: 'loading' }
  /** `round` counts the readings: another one is another text. */
  | { readonly state: 'ready'; readonly content: FileContent; readonly round: number }
  | { readonly state: 'failed'; readonly error: WireError }
)

type Settled = { readonly content: FileContent } | { readonly error: WireError }

/** What a file holds. While it is read again the last reading stays. */
export function useContent(place: FilePlace, path: FilePath): ContentState {
  const key = `${placeKey(place)} ${path}`
  const [round, setRound] = useState(0)
  const [settled, setSettled] = useState<{
    readonly key: string
    readonly round: number
    readonly result: Settled
  }>()
  useEffect(() => {
    const controller = new AbortController()
    const settle = (result: Settled): void => {
      if (!controller.signal.aborted) setSettled({ key, round, result })
    }
    readContent(place, path, controller.signal).then(
      (content) => settle({ content }),
      (error: unknown) => settle({ error: toWire(error) }),
    )
    return () => controller.abort()
  }, [key, place, path, round])
  const reload = useCallback(() => setRound((was) => was + 1), [])
  if (settled?.key !== key) return { state: 'loading', reload }
  const { result } = settled
  if ('error' in result) return { state: 'failed', error: result.error, reload }
  return { state: 'ready', content: result.content, round: settled.round, reload }
}
