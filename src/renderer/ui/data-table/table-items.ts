import type { ReactNode } from 'react'
import type { Column, Sort } from './columns'

export interface GroupItem<T> {
  readonly kind: 'group'
  readonly key: string
  readonly id: string
  readonly rows: readonly T[]
  readonly isCollapsed: boolean
}
export interface RowItem<T> {
  readonly kind: 'row'
  readonly key: string
  readonly row: T
  readonly isInGroup: boolean
  /** Its place in a tree. */
  readonly tree?: InTree | undefined
}
export interface InTree {
  /** 0 at the top. */
  readonly depth: number
  /** From 1, among its siblings. */
  readonly position: number
  readonly siblings: number
  /** `undefined`: it cannot be unfolded. */
  readonly isExpanded: boolean | undefined
}
/** A line of a tree that is no row: that something loads, or why it did not. */
export interface WordsItem {
  readonly kind: 'words'
  readonly key: string
  readonly depth: number
  readonly words: ReactNode
  readonly onOpen?: (() => void) | undefined
}
export type TableItem<T> = GroupItem<T> | RowItem<T> | WordsItem

export interface ItemsInput<T> {
  readonly rows: readonly T[]
  readonly rowKey: (row: T) => string
  readonly columns: readonly Column<T>[]
  readonly sort: Sort | undefined
  /** `undefined`: stands alone, after the groups. */
  readonly groupOf?: ((row: T) => string | undefined) | undefined
  readonly collapsed: readonly string[]
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** The lines of a table from top to bottom: sorted rows, under their groups when there are some. */
export function tableItems<T>(input: ItemsInput<T>): readonly TableItem<T>[] {
  const sorted = sortRows(input.rows, input.columns, input.sort)
  const { groupOf, rowKey } = input
  const asItem = (row: T, isInGroup: boolean): RowItem<T> => ({
    kind: 'row',
    key: rowKey(row),
    row,
    isInGroup,
  })
  if (!groupOf) return sorted.map((row) => asItem(row, false))
  const groups = new Map<string, T[]>()
  const alone: T[] = []
  for (const row of sorted) {
    const id = groupOf(row)
    if (id === undefined) alone.push(row)
    else groups.set(id, [...(groups.get(id) ?? []), row])
  }
  const items: TableItem<T>[] = []
  for (const id of [...groups.keys()].sort((a, b) => collator.compare(a, b))) {
    const rows = groups.get(id) ?? []
    const isCollapsed = input.collapsed.includes(id)
    items.push({ kind: 'group', key: `group ${id}`, id, rows, isCollapsed })
    if (!isCollapsed) items.push(...rows.map((row) => asItem(row, true)))
  }
  return [...items, ...alone.map((row) => asItem(row, false))]
}

/** Stable: rows that compare equal keep the order in which they came. */
export function sortRows<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  sort: Sort | undefined,
): readonly T[] {
  const valueOf = columns.find((column) => column.id === sort?.column)?.sortValue
  if (!valueOf || !sort) return rows
  const sign = sort.direction === 'asc' ? 1 : -1
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .sort((a, b) => compare(a.value, b.value, sign))
    .map(({ row }) => row)
}

function compare(a: string | number | undefined, b: string | number | undefined, sign: number): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * sign
  return collator.compare(String(a), String(b)) * sign
}
