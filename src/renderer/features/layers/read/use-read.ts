import { useCallback, useEffect, useRef, useState } from 'react'
import type { ReadProgress } from '../../../../shared/model'
import type { AppError } from '../../../../shared/errors'
import { toAppError } from '../to-app-error'

type Item<S> = ReadProgress | { readonly kind: 'ready'; readonly summary: S }
interface Reader<S> extends AsyncIterable<Item<S>> {
  cancel(): void
}

export type ReadState<S> =
  | { readonly state: 'waiting' }
  | { readonly state: 'reading'; readonly progress: ReadProgress | undefined }
  | { readonly state: 'ready'; readonly summary: S }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly error: AppError }

export interface Reading<S> {
  readonly now: ReadState<S>
  readonly start: () => void
  readonly cancel: () => void
}

/**
 * Reads something long: progress, then its summary. It begins by itself unless `waits`; another `key` is another
 * reading, and the one before ends.
 */
export function useRead<S>(key: string, open: () => Reader<S>, waits = false): Reading<S> {
  const [round, setRound] = useState(0)
  const id = `${key} ${round}`
  const [told, setTold] = useState<{ readonly id: string; readonly now: ReadState<S> }>()
  const latest = useRef(open)
  const reader = useRef<Reader<S>>(undefined)
  useEffect(() => {
    latest.current = open
  })
  const isHeld = waits && round === 0
  useEffect(() => {
    if (isHeld) return undefined
    let isGone = false
    const tell = (now: ReadState<S>): void => {
      if (!isGone) setTold({ id, now })
    }
    const failed = (error: unknown): void => {
      const wire = toAppError(error)
      tell(wire.code === 'cancelled' ? { state: 'cancelled' } : { state: 'failed', error: wire })
    }
    try {
      reader.current = latest.current()
      readAll(reader.current, tell).catch(failed)
    } catch (error) {
      queueMicrotask(() => failed(error))
    }
    return () => {
      isGone = true
      reader.current?.cancel()
    }
  }, [id, isHeld])
  const start = useCallback(() => setRound((n) => n + 1), [])
  const cancel = useCallback(() => {
    reader.current?.cancel()
    setTold({ id, now: { state: 'cancelled' } })
  }, [id])
  const now: ReadState<S> =
    told?.id === id ? told.now : isHeld ? { state: 'waiting' } : { state: 'reading', progress: undefined }
  return { now, start, cancel }
}

async function readAll<S>(reader: Reader<S>, tell: (now: ReadState<S>) => void): Promise<void> {
  let isReady = false
  for await (const item of reader) {
    if (item.kind === 'ready') isReady = true
    tell(
      item.kind === 'ready'
        ? { state: 'ready', summary: item.summary }
        : { state: 'reading', progress: item },
    )
    if (isReady) return
  }
  tell({ state: 'cancelled' })
}
