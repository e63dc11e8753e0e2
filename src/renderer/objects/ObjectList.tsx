import type { ReactNode } from 'react'
import { useMemo } from 'react'
import type { EngineId, Kind } from '../../shared/model'
import { keyOf } from '../../shared/model'
import { useT } from '../i18n'
import type { Column, MenuItem } from '../ui'
import { Button, DataTable, PageHeader } from '../ui'
import { FilterBar, ListEmpty } from './ListFrame'
import { MissingLists, MissingUsers, NoRows, useIsMissing } from './MissingLists'
import './objects.css'
import { useList, useMatching } from './use-list'

/** One choice of what a list shows. The first is everything. */
export interface ListFilter<T> {
  readonly value: string
  readonly label: string
  readonly keep: (row: T) => boolean
  /** It asks who uses a row, which only the list of containers tells. */
  readonly isByUse?: boolean
}

interface ObjectListProps<T extends { readonly engine: EngineId; readonly id: string }> {
  /** What is listed, and the list's place in what the window remembers. */
  readonly name: Kind
  readonly title: string
  readonly count: string
  readonly rows: readonly T[]
  readonly columns: readonly Column<T>[]
  readonly defaultSort: { readonly column: string; readonly direction: 'asc' | 'desc' }
  readonly filters: readonly [ListFilter<T>, ...ListFilter<T>[]]
  /** The text of a row that a search looks at, its name first. One and the same function each time: another one searches anew. */
  readonly wordsOf: (row: T) => readonly string[]
  readonly onOpen: (row: T) => void
  readonly onRemove: (rows: readonly T[]) => void
  /** Those of a selection that can be removed; default all. */
  readonly removable?: (rows: readonly T[]) => readonly T[]
  /** Why the others stay. */
  readonly whyKept?: string
  readonly menuFor: (rows: readonly T[]) => readonly MenuItem[]
  readonly isDim: (row: T) => boolean
  /** Beside removing, for several chosen rows. */
  readonly bulkActions?: (rows: readonly T[]) => ReactNode
  /** In the header, at the right. */
  readonly actions: ReactNode
  /** In the bar above the rows. */
  readonly tools: ReactNode
  /** When there is nothing at all. */
  readonly none: ReactNode
}

/** A page that lists one noun of all engines: header, filters, table, bulk removal. */
export function ObjectList<T extends { readonly engine: EngineId; readonly id: string }>(
  props: ObjectListProps<T>,
): ReactNode {
  const { filters, rows: all, removable = allOf } = props
  const isMissing = useIsMissing(props.name)
  const list = useList(props.name, filters[0].value)
  const matching = useMatching(all, list, props.wordsOf)
  const filter = filters.find((one) => one.value === list.filter) ?? filters[0]
  const rows = useMemo(() => matching.filter(filter.keep), [matching, filter])
  return (
    <div className="object-page">
      <PageHeader
        title={props.title}
        subtitle={all.length === 0 && isMissing ? undefined : props.count}
        actions={props.actions}
      />
      <FilterBar list={list} filters={filters}>
        {props.tools}
      </FilterBar>
      {(rows.length > 0 || list.isFiltered) && <MissingLists kind={props.name} engine={list.engine} />}
      {filter.isByUse === true && <MissingUsers engine={list.engine} />}
      <DataTable
        label={props.title}
        rows={rows}
        rowKey={keyOf}
        columns={props.columns}
        layout={list.layout}
        onLayout={list.setLayout}
        defaultSort={props.defaultSort}
        selection={list.selection}
        onSelection={list.setSelection}
        onOpen={props.onOpen}
        nameOf={(row) => props.wordsOf(row)[0] ?? ''}
        onDelete={(chosen) => removable(chosen).length > 0 && props.onRemove(removable(chosen))}
        menuFor={props.menuFor}
        bulkBar={(chosen) => (
          <>
            {props.bulkActions?.(chosen)}
            <RemoveButton rows={removable(chosen)} whyNone={props.whyKept} onRemove={props.onRemove} />
          </>
        )}
        isDim={props.isDim}
        empty={
          <ListEmpty list={list} none={<NoRows kind={props.name} engine={list.engine} none={props.none} />} />
        }
      />
    </div>
  )
}

const allOf = <T,>(rows: readonly T[]): readonly T[] => rows

interface RemoveButtonProps<T> {
  readonly rows: readonly T[]
  readonly whyNone: string | undefined
  readonly onRemove: (rows: readonly T[]) => void
}

function RemoveButton<T>({ rows, whyNone, onRemove }: RemoveButtonProps<T>): ReactNode {
  const t = useT()
  return (
    <Button
      variant="danger"
      size="sm"
      disabled={rows.length === 0}
      title={rows.length === 0 ? whyNone : undefined}
      onClick={() => onRemove(rows)}
    >
      {rows.length === 0 ? t('objects.remove') : t('objects.removeMany', { count: rows.length })}
    </Button>
  )
}
