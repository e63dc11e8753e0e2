export { TreeGrid, type TreeGridProps } from './TreeGrid'
export type { TreeColumn, TreeLine } from './tree-line'
