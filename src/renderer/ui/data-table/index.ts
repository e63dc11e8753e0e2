export { DataTable } from './DataTable'
export type { Column, Sort, TableLayout } from './columns'
export type { GroupItem } from './table-items'
export type { DataTableProps } from './table-props'
