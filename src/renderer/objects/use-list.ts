import { useMemo } from 'react'
import type { EngineId } from '../../shared/model'
import { setEngineFilter, useEngineFilter } from '../store/engine-filter'
import { useUi } from '../store/ui'
import { useVisit } from '../store/visit'
import type { TableLayout } from '../ui'

const none: ReadonlySet<string> = new Set()

/** What every list page keeps: its search text, its filter, the engine, the selection and its table's layout. */
export interface ListState<F extends string> {
  readonly text: string
  readonly setText: (text: string) => void
  readonly filter: F
  readonly setFilter: (filter: F) => void
  /** Whose rows are shown: the list's own choice, else that of the sidebar; empty: all. */
  readonly engine: string
  /** All engines are all: the sidebar narrows no more either. */
  readonly setEngine: (engine: string) => void
  readonly selection: ReadonlySet<string>
  readonly setSelection: (selection: ReadonlySet<string>) => void
  readonly layout: TableLayout
  readonly setLayout: (layout: TableLayout) => void
  readonly clear: () => void
  readonly isFiltered: boolean
}

/** `name` is the list's place in what the window remembers. */
export function useList<F extends string>(name: string, all: F): ListState<F> {
  const [text, setText] = useVisit(`${name}.text`, '')
  const [filter, setFilter] = useVisit(`${name}.filter`, all)
  const [own, setOwn] = useVisit(`${name}.engine`, '')
  const ofSidebar = useEngineFilter()
  const engine = own || (ofSidebar ?? '')
  const setEngine = (chosen: string): void => {
    setOwn(chosen)
    if (chosen === '') setEngineFilter(undefined)
  }
  const [selection, setSelection] = useVisit(`${name}.selection`, none)
  const [layout, setLayout] = useUi<TableLayout>(`${name}.layout`, {})
  return {
    text,
    setText,
    filter,
    setFilter,
    engine,
    setEngine,
    selection,
    setSelection,
    layout,
    setLayout,
    clear: () => {
      setText('')
      setFilter(all)
      setEngine('')
    },
    isFiltered: text !== '' || filter !== all || engine !== '',
  }
}

/** The rows that hold every word of the text in any of their words, case apart; `wordsOf` is one and the same function. */
export function useMatching<T extends { readonly engine: EngineId }>(
  rows: readonly T[],
  state: { readonly text: string; readonly engine: string },
  wordsOf: (row: T) => readonly string[],
): readonly T[] {
  const { text, engine } = state
  return useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean)
    return rows.filter((row) => {
      if (engine !== '' && row.engine !== engine) return false
      const hay = wordsOf(row).join('\n').toLowerCase()
      return words.every((word) => hay.includes(word))
    })
  }, [rows, text, engine, wordsOf])
}
