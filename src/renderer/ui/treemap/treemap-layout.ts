import { hierarchy, treemap, treemapSquarify, type HierarchyRectangularNode } from 'd3-hierarchy'

export interface TreemapNode {
  readonly key: string
  readonly name: string
  /** Of a node with children it may be more than theirs together: the rest is its own. */
  readonly value: number
  /** A click goes into it. */
  readonly isFolder: boolean
  /** Which of the palette's colours; `undefined`: its parent's. */
  readonly colour?: number | undefined
  readonly children?: readonly TreemapNode[] | undefined
}

export interface TreemapCell {
  readonly node: TreemapNode
  readonly depth: number
  readonly colour: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly isLeaf: boolean
  /** Its name has room that is no other's. */
  readonly isNamed: boolean
}

export interface Box {
  readonly width: number
  readonly height: number
}

export const colours = 6
const headHeight = 18
/** A folder this high shows its name above what is in it; in a lower one the names inside stand alone. */
const namedHeight = 2 * headHeight
/** Smaller than this nobody sees or hits it. */
const leastPx = 3

/** Rectangles as near to squares as they go, in proportion to the values; parents before their children. */
export function layTreemap(root: TreemapNode, { width, height }: Box): readonly TreemapCell[] {
  if (width <= 0 || height <= 0 || root.value <= 0) return []
  const tree = hierarchy(root, (node) => node.children)
    .sum((node) => ownValue(node))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  const laid = treemap<TreemapNode>()
    .tile(treemapSquarify.ratio(1.3))
    .size([width, height])
    .paddingInner(1)
    // The outer padding sets all four sides: the room for a folder's name comes after it.
    .paddingOuter((node) => (node.depth > 0 ? 1 : 0))
    .paddingTop((node) => (node.depth > 0 && node.y1 - node.y0 > namedHeight ? headHeight : 0))
    .round(true)(tree)
  const cells: TreemapCell[] = []
  laid.children?.forEach((child, index) => collect(child, index % colours, cells))
  return cells
}

const ownValue = (node: TreemapNode): number =>
  Math.max(0, node.value - (node.children ?? []).reduce((sum, child) => sum + child.value, 0))

function collect(node: HierarchyRectangularNode<TreemapNode>, inherited: number, cells: TreemapCell[]): void {
  const [width, height] = [node.x1 - node.x0, node.y1 - node.y0]
  if (width < leastPx || height < leastPx) return
  const colour = node.data.colour ?? inherited
  const isLeaf = !node.children
  const isNamed = isLeaf || height > namedHeight
  const box = { x: node.x0, y: node.y0, width, height }
  cells.push({ node: node.data, depth: node.depth, colour, ...box, isLeaf, isNamed })
  for (const child of node.children ?? []) collect(child, colour, cells)
}

type Side = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'
export const isSide = (key: string): key is Side => /^Arrow(Left|Right|Up|Down)$/.test(key)

/** The nearest cell on that side of the given one: its middle decides, straight before slanting. */
export function neighbour(
  cells: readonly TreemapCell[],
  from: TreemapCell,
  side: Side,
): TreemapCell | undefined {
  const isAcross = side === 'ArrowLeft' || side === 'ArrowRight'
  const sign = side === 'ArrowLeft' || side === 'ArrowUp' ? -1 : 1
  let best: TreemapCell | undefined
  let least = Infinity
  for (const cell of cells) {
    const dx = middle(cell).x - middle(from).x
    const dy = middle(cell).y - middle(from).y
    const along = sign * (isAcross ? dx : dy)
    const aside = Math.abs(isAcross ? dy : dx)
    if (cell === from || along <= 0) continue
    const far = along + 2 * aside
    if (far < least) [best, least] = [cell, far]
  }
  return best
}

const middle = (cell: TreemapCell): { readonly x: number; readonly y: number } => ({
  x: cell.x + cell.width / 2,
  y: cell.y + cell.height / 2,
})
