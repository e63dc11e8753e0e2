import { useCallback, useEffect, useState } from 'react'
import { AppError } from '../../../../shared/errors'
import type { Container, ContainerChange, FileChange } from '../../../../shared/model'
import { openStream } from '../../../api'

/** The tab's words for what the contract names otherwise. */
const words = { added: 'added', changed: 'modified', removed: 'deleted' } as const satisfies Record<
  ContainerChange['change'],
  FileChange['change']
>

export interface KnownChanges {
  readonly changes: readonly FileChange[]
  readonly isCut: boolean
}

export type LiveChanges = { readonly reload: () => void } & (
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: AppError }
  | { readonly state: 'ready'; readonly value: KnownChanges }
)

type Told = { readonly id: string } & ({ readonly error: AppError } | { readonly value: KnownChanges })

/** What differs from the image, told anew at each change for as long as somebody looks. */
export function useLiveChanges({ engine, id: container }: Pick<Container, 'engine' | 'id'>): LiveChanges {
  const [round, setRound] = useState(0)
  const [told, setTold] = useState<Told>()
  const id = `${engine}/${container} ${round}`
  useEffect(() => {
    let isGone = false
    let cancel = (): void => undefined
    const follow = async (): Promise<void> => {
      const stream = openStream('layers.changes', { engine, container })
      cancel = () => stream.cancel()
      for await (const { changes, isCut } of stream)
        if (!isGone) setTold({ id, value: { changes: changes.map(asFileChange), isCut } })
    }
    follow().catch((error: unknown) => {
      if (!isGone) setTold({ id, error: asAppError(error) })
    })
    return () => {
      isGone = true
      cancel()
    }
  }, [engine, container, id])
  const reload = useCallback(() => setRound((n) => n + 1), [])
  if (told?.id !== id) return { state: 'loading', reload }
  return 'error' in told
    ? { state: 'failed', error: told.error, reload }
    : { state: 'ready', value: told.value, reload }
}

const asFileChange = ({ path, change }: ContainerChange): FileChange => ({ path, change: words[change] })

const asAppError = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError('bug', 'Something went wrong inside Slipway', { cause: error })
