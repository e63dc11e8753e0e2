import { useCallback, useEffect, useRef } from 'react'
import type { LogMatch } from '../../../shared/model'
import type { LogModel } from './log-model'
import { rangeAround, type LogRange } from './log-range'

interface Shown {
  readonly model: LogModel
  readonly show: (seq: number) => void
  readonly onRange: (range: LogRange) => void
}

/** Goes to a line that was found in the whole log: to where it stands in view, else what is around it is loaded. */
export function useFoundLine({ model, show, onRange }: Shown): (match: LogMatch) => void {
  /** The time of the line that is being loaded. */
  const awaited = useRef<string>(undefined)
  const { version } = model
  useEffect(() => {
    const seq = awaited.current === undefined ? undefined : seqOf(model, awaited.current)
    if (seq === undefined) return
    awaited.current = undefined
    show(seq)
  }, [model, version, show])
  return useCallback(
    ({ time }) => {
      const seq = seqOf(model, time)
      if (seq !== undefined) return show(seq)
      awaited.current = time
      onRange(rangeAround(time))
    },
    [model, show, onRange],
  )
}

/** The engine's copiers may write lines slightly out of order: every line is looked at. */
function seqOf({ ring, rows }: LogModel, time: string): number | undefined {
  for (let seq = ring.first; seq < ring.end; seq++)
    if (ring.line(seq)?.time === time) return rows.seqAt(rows.indexOf(seq)) === seq ? seq : undefined
  return undefined
}
