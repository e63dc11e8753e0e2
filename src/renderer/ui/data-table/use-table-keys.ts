import type { KeyboardEvent } from 'react'
import { latinKey } from '../latin-key'
import { range, toggled } from './selection'
import type { RowItem, TableItem } from './table-items'
import type { DataTableProps } from './table-props'
import { treeStep } from './tree-items'
import type { TypeAhead } from '../type-ahead'
import type { Modifiers, Table } from './use-table'

export interface KeysInput<T> {
  readonly table: Table<T>
  readonly props: DataTableProps<T>
  /** Whole lines that fit on screen. */
  readonly pageSize: number
  readonly ahead: TypeAhead
  /** Opens the context menu at the active line. */
  readonly openMenu: () => void
}

const plain = { shiftKey: false, ctrlKey: false, metaKey: false }

/** In this order; the first that takes a key ends it. */
const ways = [move, fold, act, type, leave]

/** The grid's keys: arrows (in a tree also Right and Left), Home, End, PageUp/Down, Shift extends, Space toggles, Ctrl+A, Enter, Delete, menu, letters of a name. */
export function handleTableKey<T>(event: KeyboardEvent<HTMLElement>, input: KeysInput<T>): void {
  // Keys inside a cell's own control belong to that control.
  if (event.target !== event.currentTarget) return
  if (ways.some((take) => take(event, input))) event.preventDefault()
}

function move<T>(event: KeyboardEvent, { table, pageSize }: KeysInput<T>): boolean {
  const last = table.items.length - 1
  const from = table.activeIndex
  const to = {
    ArrowDown: Math.min(last, from + 1),
    ArrowUp: Math.max(0, from < 0 ? last : from - 1),
    Home: 0,
    End: last,
    PageDown: Math.min(last, from + pageSize),
    PageUp: Math.max(0, from - pageSize),
  }[event.key]
  if (to === undefined || event.altKey) return false
  goTo(event, table, to)
  return true
}

function goTo<T>(event: Modifiers, table: Table<T>, to: number): void {
  const item = table.items[to]
  if (!item) return
  table.setActive(to)
  if (!table.canSelect || item.kind !== 'row') return
  if (event.shiftKey) table.setSelection(range(table.pickState, item.key))
  // With Ctrl only the line moves, so that Space can pick far apart rows.
  else if (!event.ctrlKey && !event.metaKey) table.pick(item.key, plain)
}

function fold<T>(event: KeyboardEvent, { table }: KeysInput<T>): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey) return false
  const step = treeStep(event.key, table.items, table.activeIndex)
  if (step?.kind === 'fold') table.fold(step.item.key, step.expand)
  else if (step) goTo(event, table, step.index)
  return step !== undefined
}

function act<T>(event: KeyboardEvent, input: KeysInput<T>): boolean {
  const { table } = input
  if (event.key === 'Escape' && table.selection.size > 0) {
    table.setSelection(new Set())
    return true
  }
  if (
    (event.ctrlKey || event.metaKey) &&
    latinKey(event.nativeEvent).toLowerCase() === 'a' &&
    table.canSelect
  ) {
    table.setSelection(new Set(table.pickState.keys))
    return true
  }
  const item = table.items[table.activeIndex]
  if (item) return actOn(event, input, item)
  // All were selected before any line was active.
  const { onDelete } = input.props
  if (event.key !== 'Delete' || !onDelete || table.selection.size === 0) return false
  onDelete(table.rowsOf(table.selection))
  return true
}

function type<T>(event: KeyboardEvent, { table, props, ahead }: KeysInput<T>): boolean {
  const { nameOf } = props
  if (!nameOf || event.altKey || event.ctrlKey || event.metaKey) return false
  const sign = latinKey(event.nativeEvent)
  const nowMs = event.timeStamp
  // Other signs are the window's own keys, but inside a name they are the name's.
  if (!/^[\p{L}\p{N}]$/u.test(sign) && !(/^[._:/@-]$/.test(sign) && ahead.isTyping(nowMs))) return false
  const nameAt = (index: number): string | undefined => {
    const item = table.items[index]
    return item?.kind === 'row' ? nameOf(item.row) : undefined
  }
  const found = ahead.type(sign, { count: table.items.length, active: table.activeIndex, nameAt }, nowMs)
  if (found >= 0) goTo(plain, table, found)
  return true
}

/** To the caller. On a line that is no row the selected ones are not what a person is at. */
function leave<T>(event: KeyboardEvent, { table, props }: KeysInput<T>): boolean {
  const item = table.items[table.activeIndex]
  if (!props.onKey || (item && item.kind !== 'row')) return false
  return props.onKey(event, table.rowsOf(table.selection))
}

function actOn<T>(event: KeyboardEvent, input: KeysInput<T>, item: TableItem<T>): boolean {
  switch (item.kind) {
    case 'group':
      return actOnGroup(event, input.table, item)
    case 'words':
      if (event.key === 'Enter') item.onOpen?.()
      return event.key === 'Enter'
    case 'row':
      return actOnRow(event, input, item)
  }
}

function actOnRow<T>(
  event: KeyboardEvent,
  { table, props, openMenu }: KeysInput<T>,
  item: RowItem<T>,
): boolean {
  switch (event.key) {
    case ' ':
      if (table.canSelect) table.setSelection(toggled(table.selection, item.key))
      return table.canSelect
    case 'Enter':
      props.onOpen?.(item.row)
      return props.onOpen !== undefined
    case 'Delete':
      props.onDelete?.(table.rowsFor(item.key))
      return props.onDelete !== undefined
    case 'ContextMenu':
      openMenu()
      return true
    case 'F10':
      if (event.shiftKey) openMenu()
      return event.shiftKey
    default:
      return false
  }
}

function actOnGroup<T>(
  event: KeyboardEvent,
  table: Table<T>,
  group: { readonly id: string; readonly isCollapsed: boolean },
): boolean {
  const collapsed = {
    ArrowLeft: true,
    ArrowRight: false,
    Enter: !group.isCollapsed,
    ' ': !group.isCollapsed,
  }[event.key]
  if (collapsed === undefined) return false
  table.collapse(group.id, collapsed)
  return true
}
