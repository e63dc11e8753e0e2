import type { ReactNode } from 'react'

export interface Column<T> {
  readonly id: string
  readonly header: string
  /** In pixels. What is left over goes to the first shown column, and to those that grow, by their widths. */
  readonly width: number
  /** Default 48. */
  readonly minWidth?: number | undefined
  /** Takes a share of the room that is left over, until the person gives it a width. */
  readonly grows?: boolean | undefined
  readonly align?: 'start' | 'end' | undefined
  /** The first click on the header sorts downwards: where the most is what one looks for. */
  readonly isMostFirst?: boolean | undefined
  /** Given: a click on the header sorts. `undefined` values come last in both directions. */
  readonly sortValue?: ((row: T) => string | number | undefined) | undefined
  /** Must not close over what changes every second: live cells subscribe to the store themselves. */
  readonly render: (row: T) => ReactNode
  /** True: the person may hide it. */
  readonly isOptional?: boolean | undefined
  /** Not shown until the person asks for it. */
  readonly isHidden?: boolean | undefined
}

export interface Sort {
  readonly column: string
  readonly direction: 'asc' | 'desc'
}

/** What a table remembers; plain JSON, for `useUi`. */
export interface TableLayout {
  readonly widths?: Readonly<Record<string, number>> | undefined
  /** Shown or not, where the person chose otherwise than the column says. */
  readonly shown?: Readonly<Record<string, boolean>> | undefined
  readonly sort?: Sort | undefined
  readonly collapsed?: readonly string[] | undefined
}

const leastWidth = 48

export const isShown = <T>(column: Column<T>, layout: TableLayout): boolean =>
  column.isOptional !== true || (layout.shown?.[column.id] ?? column.isHidden !== true)

export const shownColumns = <T>(columns: readonly Column<T>[], layout: TableLayout): readonly Column<T>[] =>
  columns.filter((column) => isShown(column, layout))

export const widthOf = <T>(column: Column<T>, layout: TableLayout): number =>
  Math.max(column.minWidth ?? leastWidth, layout.widths?.[column.id] ?? column.width)

/** How much of their width columns of words give up before the table scrolls sideways under its row actions. */
const shrinkTo = 0.75

/** The first column, numbers, and what the person made as wide as it is keep their width. */
function leastWidthOf<T>(column: Column<T>, index: number, layout: TableLayout): number {
  const width = widthOf(column, layout)
  if (index === 0 || column.align === 'end' || layout.widths?.[column.id] !== undefined) return width
  return Math.max(column.minWidth ?? leastWidth, Math.round(width * shrinkTo))
}

export const withWidth = <T>(layout: TableLayout, column: Column<T>, width: number): TableLayout => ({
  ...layout,
  widths: { ...layout.widths, [column.id]: Math.round(Math.max(column.minWidth ?? leastWidth, width)) },
})

/** As wide as it asks for again, or as there is room. */
export function withoutWidth<T>(layout: TableLayout, { id }: Column<T>): TableLayout {
  const others = Object.entries(layout.widths ?? {}).filter(([column]) => column !== id)
  return { ...layout, widths: Object.fromEntries(others) }
}

export const withShown = (layout: TableLayout, id: string, shown: boolean): TableLayout => ({
  ...layout,
  shown: { ...layout.shown, [id]: shown },
})

/** One way, then the other, then the first again: a table is always in some order. */
export function withSort<T>(layout: TableLayout, { id, isMostFirst }: Column<T>): TableLayout {
  const first = isMostFirst === true ? 'desc' : 'asc'
  const other = first === 'asc' ? 'desc' : 'asc'
  const isAgain = layout.sort?.column === id && layout.sort.direction === first
  return { ...layout, sort: { column: id, direction: isAgain ? other : first } }
}

export const withCollapsed = (layout: TableLayout, group: string, collapsed: boolean): TableLayout => {
  const others = (layout.collapsed ?? []).filter((id) => id !== group)
  return { ...layout, collapsed: collapsed ? [...others, group] : others }
}

export interface LineEnds {
  readonly hasMarks: boolean
  /** The room at the end, in pixels: for the column chooser above and the row actions below. */
  readonly endWidth: number
}

/** One small button. */
export const leastEndWidth = 32

/** The grid template: an optional mark column, the columns, and the room at the end. */
export const templateOf = <T>(columns: readonly Column<T>[], layout: TableLayout, ends: LineEnds): string =>
  [
    ...(ends.hasMarks ? ['28px'] : ['8px']),
    ...columns.map((column, index) => {
      const width = widthOf(column, layout)
      const isFlexible = index === 0 || (column.grows === true && layout.widths?.[column.id] === undefined)
      return `minmax(${leastWidthOf(column, index, layout)}px, ${width}${isFlexible ? 'fr' : 'px'})`
    }),
    `${ends.endWidth}px`,
  ].join(' ')

/** The least width of a whole row, for sideways scrolling. */
export const totalWidth = <T>(columns: readonly Column<T>[], layout: TableLayout, ends: LineEnds): number =>
  columns.reduce((sum, column, index) => sum + leastWidthOf(column, index, layout), 28 + ends.endWidth)
