import { useCallback, useEffect, useRef, useState } from 'react'
import { toWire, type WireError } from '../../../shared/errors'
import type { DiskReport, EngineId } from '../../../shared/model'
import { openStream } from '../../api'

export interface DiskState {
  /** The last that was measured; stays while it is measured anew. */
  readonly report?: DiskReport
  /** Set while it is measured: how far it came, where the agent tells it. */
  readonly progress?: { readonly files: number; readonly bytes: number }
  readonly error?: WireError
  readonly isStopped?: boolean
}

export interface DiskMeasuring extends DiskState {
  readonly measure: () => void
  readonly stop: () => void
}

const begun = { files: 0, bytes: 0 }

/** What takes the space of an engine: what core knows from a moment ago, else measured. Leaving ends the measuring. */
export function useDiskReport(engine: EngineId): DiskMeasuring {
  const [state, setState] = useState<DiskState>({ progress: begun })
  const cancel = useRef<() => void>(undefined)
  const read = useCallback(
    (isFresh: boolean): void => {
      cancel.current?.()
      const stream = openStream('host.disk', { engine, isFresh })
      const own = (): void => stream.cancel()
      cancel.current = own
      const set = (next: (was: DiskState) => DiskState): void => {
        if (cancel.current === own) setState(next)
      }
      set(({ report }) => ({ ...(report && { report }), progress: begun }))
      void (async () => {
        try {
          for await (const item of stream)
            set((was) =>
              item.kind === 'report'
                ? { report: item.report }
                : { ...was, progress: { files: item.files, bytes: item.bytes } },
            )
        } catch (error) {
          set(({ report }) => ({ ...(report && { report }), error: toWire(error) }))
        }
      })()
    },
    [engine],
  )
  useEffect(() => {
    read(false)
    return () => {
      cancel.current?.()
      cancel.current = undefined
    }
  }, [read])
  const stop = useCallback((): void => {
    cancel.current?.()
    cancel.current = undefined
    setState(({ report }) => ({ ...(report && { report }), isStopped: true }))
  }, [])
  const measure = useCallback(() => read(true), [read])
  return { ...state, measure, stop }
}
