import { useCallback, useDeferredValue, useEffect, useState } from 'react'
import type { LogModel } from './log-model'
import type { LogSettings } from './log-settings'
import type { LogScroll } from './use-log-scroll'

export interface LogFind {
  readonly text: string
  readonly setText: (text: string) => void
  readonly isMatchesOnly: boolean
  readonly setMatchesOnly: (on: boolean) => void
  /** The line that next and previous stand on. */
  readonly current: number | undefined
  readonly step: (by: 1 | -1) => void
  /** Stands on a line and shows it. */
  readonly show: (seq: number) => void
}

/** Search in the log: the text, the filter, and the walk from match to match. */
export function useLogFind(model: LogModel, settings: LogSettings, scroll: LogScroll): LogFind {
  const [text, setText] = useState('')
  const [isMatchesOnly, setMatchesOnly] = useState(false)
  const [current, setCurrent] = useState<number>()
  const asked = useDeferredValue(text)
  const { isRegex, matchCase, source } = settings
  useEffect(() => {
    model.setFilter({ query: { text: asked, isRegex, matchCase }, source, isMatchesOnly })
  }, [model, asked, isRegex, matchCase, source, isMatchesOnly])
  const { showSeq } = scroll
  const show = useCallback(
    (seq: number) => {
      setCurrent(seq)
      showSeq(seq)
    },
    [showSeq],
  )
  const step = useCallback(
    (by: 1 | -1) => {
      const seq = neighbour(model, current, by)
      if (seq !== undefined) show(seq)
    },
    [current, model, show],
  )
  return { text, setText, isMatchesOnly, setMatchesOnly, current, step, show }
}

/** The next or previous match, round the end; the newest one at first, as that is what is on screen. */
function neighbour(model: LogModel, current: number | undefined, by: 1 | -1): number | undefined {
  const { matches } = model.search
  if (matches.length === 0) return undefined
  if (current === undefined || current < model.ring.first) return matches.at(matches.length - 1)
  const at = matches.firstAtOrAfter(current)
  const next = by === -1 ? at - 1 : matches.at(at) === current ? at + 1 : at
  return matches.at((next + matches.length) % matches.length)
}
