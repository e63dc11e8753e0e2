import { useCallback, useMemo, useRef, useState } from 'react'
import { shownColumns, withCollapsed, type Column, type TableLayout } from './columns'
import { clicked, only, type Pick } from './selection'
import { tableItems, type TableItem } from './table-items'
import { SiblingSort, treeItems } from './tree-items'
import type { DataTableProps } from './table-props'

export interface Modifiers {
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

/** A table's state and what can be done to it; drawing and keys stand on this. */
export interface Table<T> {
  readonly layout: TableLayout
  readonly setLayout: (layout: TableLayout) => void
  readonly columns: readonly Column<T>[]
  readonly items: readonly TableItem<T>[]
  readonly selection: ReadonlySet<string>
  readonly canSelect: boolean
  readonly activeIndex: number
  readonly activeKey: string | undefined
  setActive(index: number): void
  /** A click on a row: picks by the modifiers and makes it active. */
  pick(key: string, modifiers: Modifiers): void
  setSelection(selection: ReadonlySet<string>): void
  readonly pickState: Pick
  /** Of a tree: shows or hides what hangs below a row. */
  fold(key: string, expand: boolean): void
  collapse(group: string, collapsed: boolean): void
  /** Those of the keys that have a line, as they stand from top to bottom: nothing is done to what is folded away. */
  rowsOf(keys: ReadonlySet<string>): readonly T[]
  /** The selected rows when `key` is among them, else just that row. */
  rowsFor(key: string): readonly T[]
}

const none: ReadonlySet<string> = new Set()

export function useTable<T>(props: DataTableProps<T>): Table<T> {
  const { layout, setLayout } = useLayout(props)
  const { rows, rowKey, columns, groupOf, tree, onSelection, selection = none } = props
  const shown = useMemo(() => shownColumns(columns, layout), [columns, layout])
  const [sorting] = useState(() => new SiblingSort<T>())
  const items = useMemo(() => {
    const input = { rows, rowKey, columns, sort: layout.sort, groupOf, collapsed: layout.collapsed ?? [] }
    return tree ? treeItems(input, tree, sorting) : tableItems(input)
  }, [rows, rowKey, columns, layout, groupOf, tree, sorting])
  const active = useActive(items, selection)
  const anchor = useRef<string | undefined>(undefined)
  const keys = useMemo(() => items.flatMap((item) => (item.kind === 'row' ? [item.key] : [])), [items])
  const setSelection = useCallback((next: ReadonlySet<string>) => onSelection?.(next), [onSelection])
  const { select } = active
  const rowsOf = (wanted: ReadonlySet<string>): readonly T[] =>
    items.flatMap((item) => (item.kind === 'row' && wanted.has(item.key) ? [item.row] : []))
  return {
    layout,
    setLayout,
    columns: shown,
    items,
    selection,
    canSelect: onSelection !== undefined,
    activeIndex: active.index,
    activeKey: items[active.index]?.key,
    setActive: select,
    get pickState() {
      return { keys, selection, anchor: anchor.current }
    },
    pick(key, modifiers) {
      setSelection(clicked({ keys, selection, anchor: anchor.current }, key, modifiers))
      if (!modifiers.shiftKey) anchor.current = key
      select(items.findIndex((item) => item.key === key))
    },
    setSelection,
    // The line that was folded gets the keys: the one that had them may be hidden now.
    fold: (key, expand) => {
      const index = items.findIndex((item) => item.key === key)
      const item = items[index]
      if (item?.kind !== 'row') return
      select(index)
      tree?.onFold(item.row, expand)
    },
    // As with what is folded: no other line may take over from one that goes.
    collapse: (group, collapsed) => {
      const line = items[active.index]
      if (line?.kind === 'row' && groupOf?.(line.row) === group)
        select(items.findIndex((item) => item.kind === 'group' && item.id === group))
      setLayout(withCollapsed(layout, group, collapsed))
    },
    rowsOf,
    rowsFor: (key) => rowsOf(selection.has(key) ? selection : only(key)),
  }
}

/** The layout in use: the caller's, or one of our own where the caller keeps none. */
function useLayout<T>(props: DataTableProps<T>): LayoutState {
  const [own, setOwn] = useState<TableLayout>({})
  const kept = props.layout ?? own
  const { defaultSort } = props
  const layout = useMemo(
    () => (kept.sort || !defaultSort ? kept : { ...kept, sort: defaultSort }),
    [kept, defaultSort],
  )
  return { layout, setLayout: props.onLayout ?? setOwn }
}
interface LayoutState {
  readonly layout: TableLayout
  readonly setLayout: (layout: TableLayout) => void
}

/**
 * The line that the keyboard is on. It follows its row when others come and go; when the row itself
 * goes, the line at its place takes over, so that deleting down a list just works. A list that comes with rows
 * selected, as one that was left and is come back to, begins on the first of them.
 */
function useActive<T>(
  items: readonly TableItem<T>[],
  selection: ReadonlySet<string>,
): { index: number; select: (index: number) => void } {
  const [at, setAt] = useState<{ readonly key: string; readonly index: number } | undefined>(() => {
    const first = items.findIndex((item) => selection.has(item.key))
    const item = items[first]
    return item && { key: item.key, index: first }
  })
  const found = at ? items.findIndex((item) => item.key === at.key) : -1
  const index = !at ? -1 : found >= 0 ? found : Math.min(at.index, items.length - 1)
  const select = (next: number): void => {
    const item = items[next]
    setAt(item && { key: item.key, index: next })
  }
  return { index, select }
}
