import { useMemo } from 'react'
import type { Container } from '../../../../shared/model'
import { setEngineFilter, useEngineFilter } from '../../../store/engine-filter'
import { useRows } from '../../../store/inventory'
import { useUi } from '../../../store/ui'
import { useVisit } from '../../../store/visit'
import type { TableLayout } from '../../../ui'
import { isNarrowed, narrow, noFilter, toFilter, type ListFilter } from './filter'

const none: ReadonlySet<string> = new Set()

/** What the list keeps of itself; all is remembered, the text and the selection while the window lives. */
export interface ContainerList {
  readonly all: readonly Container[]
  readonly rows: readonly Container[]
  readonly text: string
  readonly setText: (text: string) => void
  readonly filter: ListFilter
  readonly setFilter: (filter: ListFilter) => void
  /** Whose rows are shown: the list's own choice, else that of the sidebar; empty: all. */
  readonly engine: string
  /** All engines are all: the sidebar narrows no more either. */
  readonly setEngine: (engine: string) => void
  readonly isFiltered: boolean
  readonly clear: () => void
  readonly layout: TableLayout
  readonly setLayout: (layout: TableLayout) => void
  readonly isGrouped: boolean
  readonly setGrouped: (isGrouped: boolean) => void
  readonly isUnhealthyFirst: boolean
  readonly setUnhealthyFirst: (isFirst: boolean) => void
  readonly selection: ReadonlySet<string>
  readonly setSelection: (selection: ReadonlySet<string>) => void
}

export function useContainerList(): ContainerList {
  const all = useRows('containers')
  const ofSidebar = useEngineFilter()
  const [text, setText] = useVisit('containers.text', '')
  const [kept, setFilter] = useUi<unknown>('containers.filter', noFilter)
  const [layout, setLayout] = useUi<TableLayout>('containers.layout', {})
  const [isGrouped, setGrouped] = useUi('containers.grouped', true)
  const [isUnhealthyFirst, setUnhealthyFirst] = useUi('containers.unhealthyFirst', false)
  const [selection, setSelection] = useVisit('containers.selection', none)
  const filter = useMemo(() => toFilter(kept), [kept])
  const engine = filter.engine || (ofSidebar ?? '')
  const rows = useMemo(() => narrow(all, { ...filter, engine }, text), [all, filter, engine, text])
  return {
    all,
    rows,
    text,
    setText,
    filter,
    setFilter,
    engine,
    setEngine: (chosen) => {
      setFilter({ ...filter, engine: chosen })
      if (chosen === '') setEngineFilter(undefined)
    },
    isFiltered: text.trim() !== '' || isNarrowed({ ...filter, engine }),
    clear: () => {
      setText('')
      setFilter(noFilter)
      setEngineFilter(undefined)
    },
    layout,
    setLayout,
    isGrouped,
    setGrouped,
    isUnhealthyFirst,
    setUnhealthyFirst,
    selection,
    setSelection,
  }
}
