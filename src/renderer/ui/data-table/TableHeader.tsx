import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react'
import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { Checkbox } from '../Toggle'
import { classNames } from '../class-names'
import { IconButton } from '../IconButton'
import { Menu, type MenuItem } from '../Menu'
import { useUiWords } from '../ui-words'
import { isShown, widthOf, withShown, withoutWidth, withSort, withWidth, type Column } from './columns'
import type { Table } from './use-table'

const keyStepPx = 16

export function TableHeader<T>(props: { table: Table<T>; all: readonly Column<T>[] }): ReactNode {
  const { table, all } = props
  return (
    <div className="data-table__head" role="row" aria-rowindex={1}>
      <MarkAll table={table} />
      {table.columns.map((column) => (
        <HeaderCell key={column.id} table={table} column={column} />
      ))}
      <span className="data-table__chooser" role="columnheader">
        <ColumnChooser table={table} all={all} />
      </span>
    </div>
  )
}

function MarkAll<T>({ table }: { table: Table<T> }): ReactNode {
  const words = useUiWords()
  const { keys } = table.pickState
  if (!table.canSelect) return <span role="columnheader" />
  const isAll = keys.length > 0 && keys.every((key) => table.selection.has(key))
  return (
    <span className="data-table__mark" role="columnheader">
      <Checkbox
        label={words.selectAll}
        hideLabel
        checked={isAll}
        indeterminate={!isAll && table.selection.size > 0}
        onChange={() => table.setSelection(isAll ? new Set() : new Set(keys))}
      />
    </span>
  )
}

function HeaderCell<T>({ table, column }: { table: Table<T>; column: Column<T> }): ReactNode {
  const { layout, setLayout } = table
  const sorted = layout.sort?.column === column.id ? layout.sort.direction : undefined
  const canSort = column.sortValue !== undefined
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -keyStepPx, ArrowRight: keyStepPx }[event.key]
    if (by === undefined || !event.shiftKey) return
    event.preventDefault()
    // One that took what was left over is wider than it asks for.
    const width = event.currentTarget.parentElement?.getBoundingClientRect().width || widthOf(column, layout)
    setLayout(withWidth(layout, column, width + by))
  }
  return (
    <span
      role="columnheader"
      aria-sort={sorted === undefined ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
      className={classNames('data-table__header', column.align === 'end' && 'data-table__header--end')}
    >
      <button
        type="button"
        className="data-table__sort"
        onKeyDown={onKeyDown}
        onClick={() => canSort && setLayout(withSort(layout, column))}
      >
        <span className="truncate">{column.header}</span>
        {sorted === 'asc' && <ArrowUp aria-hidden="true" />}
        {sorted === 'desc' && <ArrowDown aria-hidden="true" />}
      </button>
      <Resizer table={table} column={column} />
    </span>
  )
}

/** A pointer's way to a width; the keyboard's is Shift with the arrows on the header. */
function Resizer<T>({ table, column }: { table: Table<T>; column: Column<T> }): ReactNode {
  const words = useUiWords()
  const start = useRef<{ readonly x: number; readonly width: number }>(undefined)
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    const cell = event.currentTarget.parentElement?.getBoundingClientRect().width
    start.current = { x: event.clientX, width: cell ?? widthOf(column, table.layout) }
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (!start.current) return
    const width = start.current.width + event.clientX - start.current.x
    table.setLayout(withWidth(table.layout, column, width))
  }
  return (
    <span
      className="data-table__resizer"
      title={words.resizeColumn(column.header)}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (start.current = undefined)}
      onPointerCancel={() => (start.current = undefined)}
      onDoubleClick={() => table.setLayout(withoutWidth(table.layout, column))}
    />
  )
}

function ColumnChooser<T>({ table, all }: { table: Table<T>; all: readonly Column<T>[] }): ReactNode {
  const words = useUiWords()
  const { layout, setLayout } = table
  const choices: MenuItem[] = all
    .filter((column) => column.isOptional === true)
    .map((column) => ({
      label: column.header,
      checked: isShown(column, layout),
      onSelect: () => setLayout(withShown(layout, column.id, !isShown(column, layout))),
    }))
  if (choices.length === 0) return null
  return (
    <Menu
      align="end"
      trigger={<IconButton size="sm" label={words.columns} icon={<Columns3 />} />}
      items={[
        ...choices,
        'separator',
        { label: words.resetColumns, onSelect: () => setLayout({ collapsed: layout.collapsed }) },
      ]}
    />
  )
}
