import { X } from 'lucide-react'
import {
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type FocusEvent,
  type ReactNode,
  type RefObject,
} from 'react'
import { ContextMenu } from '../Menu'
import { IconButton } from '../IconButton'
import { TypeAhead } from '../type-ahead'
import { useUiWords } from '../ui-words'
import { leastEndWidth, templateOf, totalWidth } from './columns'
import { TableHeader } from './TableHeader'
import { GroupLine, RowLine, WordsLine, type RowEvents } from './TableLine'
import type { DataTableProps } from './table-props'
import { useRowsWindow, type RowsWindow } from './use-rows-window'
import { useTable, type Table } from './use-table'
import { handleTableKey } from './use-table-keys'
import './data-table.css'

/**
 * A list of objects: virtual, sortable, with chosen and resized columns, groups, multi-select, a context
 * menu and row actions. The grid itself holds the focus; `aria-activedescendant` tells the line.
 */
export function DataTable<T>(props: DataTableProps<T>): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const table = useTable(props)
  const rowHeight = props.rowHeight ?? 26
  const rows = useRowsWindow(table.items, box, rowHeight)
  const id = useId()
  useVisible(props, table, rows)
  useFocusOfPage(box)
  const [ahead] = useState(() => new TypeAhead())
  const { activeIndex } = table
  const scroll = useLatest(rows.scrollTo)
  useEffect(() => {
    if (activeIndex >= 0) scroll.current(activeIndex)
  }, [activeIndex, scroll])
  const ends = { hasMarks: table.canSelect, endWidth: props.actionsWidth ?? leastEndWidth }
  const style = {
    '--columns': templateOf(table.columns, table.layout, ends),
    '--line-height': `${rowHeight}px`,
    '--line-width': `${totalWidth(table.columns, table.layout, ends)}px`,
  } as CSSProperties
  const openMenu = (): void => openMenuAt(document.getElementById(`${id}-${activeIndex}`))
  return (
    <div className="data-table" style={style}>
      <div
        ref={box}
        className="data-table__scroll"
        role={props.groupOf || props.tree ? 'treegrid' : 'grid'}
        aria-label={props.label}
        aria-rowcount={table.items.length + 1}
        aria-multiselectable={table.canSelect || undefined}
        aria-activedescendant={activeIndex >= 0 ? `${id}-${activeIndex}` : undefined}
        tabIndex={0}
        onFocus={focusGrid}
        onKeyDown={(event) =>
          handleTableKey(event, { table, props, pageSize: rows.pageSize, ahead, openMenu })
        }
      >
        <TableHeader table={table} all={props.columns} />
        <TableBody id={id} table={table} props={props} rows={rows} />
        {props.rows.length === 0 && (
          // A grid holds rows and nothing else, even when it holds none.
          <div role="row" className="data-table__empty-row">
            <div role="gridcell" className="data-table__empty">
              {props.empty}
            </div>
          </div>
        )}
      </div>
      <BulkBar table={table} props={props} />
    </div>
  )
}

interface BodyProps<T> {
  readonly id: string
  readonly table: Table<T>
  readonly props: DataTableProps<T>
  readonly rows: RowsWindow
}

function TableBody<T>({ id, table, props, rows }: BodyProps<T>): ReactNode {
  const [menuKey, setMenuKey] = useState<string>()
  const on = useRowEvents(table, props, setMenuKey)
  const items = menuKey === undefined ? [] : (props.menuFor?.(table.rowsFor(menuKey)) ?? [])
  const lines = rows.lines.map((line) => {
    const item = table.items[line.index]
    if (!item) return null
    const frame = {
      id: `${id}-${line.index}`,
      index: line.index,
      top: line.index * (props.rowHeight ?? 26),
      isActive: line.index === table.activeIndex,
    }
    if (item.kind === 'group')
      return (
        <GroupLine
          key={item.key}
          {...frame}
          group={item}
          render={props.renderGroup}
          on={on}
          onActive={() => table.setActive(line.index)}
        />
      )
    if (item.kind === 'words')
      return <WordsLine key={item.key} {...frame} item={item} onActive={() => table.setActive(line.index)} />
    return (
      <RowLine
        key={item.key}
        {...frame}
        item={item}
        columns={table.columns}
        isSelected={table.selection.has(item.key)}
        canSelect={table.canSelect}
        isDim={props.isDim?.(item.row) ?? false}
        on={on}
        rowActions={props.rowActions}
      />
    )
  })
  const body = (
    <div className="data-table__body" role="rowgroup" style={{ height: rows.height }}>
      {lines}
    </div>
  )
  return props.menuFor ? <ContextMenu items={items}>{body}</ContextMenu> : body
}

/** One object for the table's life; what it does is always of the last drawing. */
function useRowEvents<T>(
  table: Table<T>,
  props: DataTableProps<T>,
  setMenuKey: (key: string) => void,
): RowEvents {
  const latest = useLatest({ table, props })
  return useMemo(
    () => ({
      onPick: (key, event) => {
        const { canSelect, items } = latest.current.table
        if (canSelect) latest.current.table.pick(key, event)
        else latest.current.table.setActive(items.findIndex((item) => item.key === key))
      },
      // As a click on the row with Ctrl: it is where the next range begins.
      onToggle: (key, isRange) =>
        latest.current.table.pick(key, { shiftKey: isRange, ctrlKey: true, metaKey: false }),
      onOpen: (key) => {
        const item = latest.current.table.items.find((one) => one.key === key)
        if (item?.kind === 'row') latest.current.props.onOpen?.(item.row)
      },
      onMenu: (key) => {
        const now = latest.current.table
        if (!now.selection.has(key)) now.pick(key, { shiftKey: false, ctrlKey: false, metaKey: false })
        setMenuKey(key)
      },
      onFold: (key, expand) => latest.current.table.fold(key, expand),
      onCollapse: (group, collapsed) => latest.current.table.collapse(group, collapsed),
    }),
    [latest, setMenuKey],
  )
}

function BulkBar<T>({ table, props }: { table: Table<T>; props: DataTableProps<T> }): ReactNode {
  const words = useUiWords()
  if (!props.bulkBar) return null
  if (table.selection.size < 2) return null
  const rows = table.rowsOf(table.selection)
  if (rows.length < 2) return null
  return (
    <div className="data-table__bulk" role="group" aria-label={words.selected(rows.length)}>
      <span className="data-table__bulk-count num">{words.selected(rows.length)}</span>
      {props.bulkBar(rows)}
      <IconButton
        size="sm"
        label={words.clearSelection}
        icon={<X />}
        onClick={() => table.setSelection(new Set())}
      />
    </div>
  )
}

function useVisible<T>(props: DataTableProps<T>, table: Table<T>, rows: RowsWindow): void {
  const { onVisible } = props
  const visible = rows.lines.flatMap((line) => {
    const item = table.items[line.index]
    return item?.kind === 'row' ? [item] : []
  })
  const keys = visible.map((item) => item.key).join('\n')
  const latest = useLatest(visible)
  useEffect(() => {
    onVisible?.(latest.current.map((item) => item.row))
  }, [keys, onVisible, latest])
  useEffect(() => () => onVisible?.([]), [onVisible])
}

/** A click on a line gives it the focus; the keys are the grid's, so that it gets the focus on. */
function focusGrid(event: FocusEvent<HTMLElement>): void {
  if (event.target.getAttribute('role') === 'row') event.currentTarget.focus({ preventScroll: true })
}

/** Who came to a page has the focus on its `main`: the first list there takes it on, so that arrows work at once. */
function useFocusOfPage(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const main = box.current?.closest('main')
    if (main && main === document.activeElement) box.current?.focus({ preventScroll: true })
  }, [box])
}

/** The newest value for handlers that outlive a drawing. */
function useLatest<V>(value: V): { readonly current: V } {
  const ref = useRef(value)
  useEffect(() => {
    ref.current = value
  })
  return ref
}

/** The keyboard's context menu: the same event as a right click in the line's beginning. */
function openMenuAt(line: HTMLElement | null): void {
  if (!line) return
  const { left, bottom } = line.getBoundingClientRect()
  line.dispatchEvent(
    new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      clientX: left + 40,
      clientY: bottom - 4,
    }),
  )
}
