export { Treemap, type TreemapProps } from './Treemap'
export type { TreemapNode } from './treemap-layout'
