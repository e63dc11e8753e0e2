import { useCallback, useEffect, useState } from 'react'
import { toWire, type WireError } from '../../../../shared/errors'
import type { ObjectRef, ProcessTable } from '../../../../shared/model'
import { call } from '../../../api'

const everyMs = 2000

export interface Processes {
  readonly table: ProcessTable | undefined
  readonly error: WireError | undefined
  readonly retry: () => void
}

/**
 * `ps` in the container, asked anew 2 s after each answer: a slow engine is never asked twice at once,
 * and nothing is asked while the window is hidden. Stops at a failure until `retry`.
 */
export function useProcesses({ engine, id }: ObjectRef): Processes {
  const [table, setTable] = useState<ProcessTable>()
  const [error, setError] = useState<WireError>()
  const [round, setRound] = useState(0)
  useEffect(() => {
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let isAsking = false
    const later = (): void => {
      clearTimeout(timer)
      if (!controller.signal.aborted) timer = setTimeout(() => void ask(), everyMs)
    }
    const ask = async (): Promise<void> => {
      if (isAsking || document.hidden) return
      isAsking = true
      try {
        const answer = await call('containers.top', { engine, id }, controller.signal)
        if (controller.signal.aborted) return
        setTable(answer)
        setError(undefined)
        later()
      } catch (thrown) {
        if (!controller.signal.aborted) setError(toWire(thrown))
      } finally {
        isAsking = false
      }
    }
    const onVisible = (): void => void ask()
    document.addEventListener('visibilitychange', onVisible)
    void ask()
    return () => {
      controller.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [engine, id, round])
  const retry = useCallback(() => setRound((n) => n + 1), [])
  return { table, error, retry }
}
