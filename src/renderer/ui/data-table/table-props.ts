import type { KeyboardEvent, ReactNode } from 'react'
import type { MenuItem } from '../menu-item'
import type { Column, TableLayout } from './columns'
import type { GroupItem } from './table-items'
import type { TableTree } from './tree-items'

export interface DataTableProps<T> {
  /** The table's name for assistive tools. */
  readonly label: string
  readonly rows: readonly T[]
  readonly rowKey: (row: T) => string
  /** Keep it stable (useMemo): a new array draws every visible row anew. */
  readonly columns: readonly Column<T>[]
  /** Widths, order, hidden columns, collapsed groups. Without it the table remembers until it goes. */
  readonly layout?: TableLayout | undefined
  readonly onLayout?: ((layout: TableLayout) => void) | undefined
  /** Until the person sorts. */
  readonly defaultSort?: TableLayout['sort']
  /** Rows that hang below rows. Not together with groups. Keep it stable. */
  readonly tree?: TableTree<T> | undefined
  readonly groupOf?: ((row: T) => string | undefined) | undefined
  /** The words of a group's line; the arrow is drawn by the table. */
  readonly renderGroup?: ((group: GroupItem<T>) => ReactNode) | undefined
  /** Both given: rows can be selected, several too. */
  readonly selection?: ReadonlySet<string> | undefined
  readonly onSelection?: ((selection: ReadonlySet<string>) => void) | undefined
  /** Enter or double click. */
  readonly onOpen?: ((row: T) => void) | undefined
  /** What letters that are typed look for. Without it they are left to the page. Keep it plain. */
  readonly nameOf?: ((row: T) => string) | undefined
  /** Delete key: with the selected rows, or the active one. */
  readonly onDelete?: ((rows: readonly T[]) => void) | undefined
  /** A key that the table has no use for, with the selected rows that are on screen. True: it was taken. */
  readonly onKey?: ((event: KeyboardEvent, rows: readonly T[]) => boolean) | undefined
  /** The context menu for these rows: all selected ones when the pointed one is among them. */
  readonly menuFor?: ((rows: readonly T[]) => readonly MenuItem[]) | undefined
  /** Small buttons at the row's end: on hover and on the active row. */
  readonly rowActions?: ((row: T) => ReactNode) | undefined
  /** The room that they take, in pixels, kept free so that they cover nothing. Default: that of one button. */
  readonly actionsWidth?: number | undefined
  /** What stands in the bar when two or more rows are selected. */
  readonly bulkBar?: ((rows: readonly T[]) => ReactNode) | undefined
  /** In place of rows when there are none. */
  readonly empty?: ReactNode
  /** Lines that are less important now (a stopped container). */
  readonly isDim?: ((row: T) => boolean) | undefined
  /** The rows on screen, whenever they change; an empty list at the end. Keep it stable. */
  readonly onVisible?: ((rows: readonly T[]) => void) | undefined
  /** A taller line than 26 px. */
  readonly rowHeight?: number | undefined
}
