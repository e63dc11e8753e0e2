import { expect, test } from 'vitest'
import type { Column } from './columns'
import type { TableItem } from './table-items'
import { SiblingSort, treeItems, treeStep, type TableTree } from './tree-items'

interface Node {
  readonly path: string
  readonly weight?: number
}

const parentOf = ({ path }: Node): string | undefined => path.slice(0, path.lastIndexOf('/')) || undefined
const columns: readonly Column<Node>[] = [
  { id: 'path', header: 'Path', width: 100, sortValue: ({ path }) => path, render: () => null },
  { id: 'weight', header: 'Weight', width: 100, sortValue: ({ weight }) => weight, render: () => null },
]
const nodes: readonly Node[] = [
  { path: '/b', weight: 1 },
  { path: '/b/y', weight: 5 },
  { path: '/b/x', weight: 9 },
  { path: '/a', weight: 2 },
  { path: '/b/x/deep', weight: 7 },
  { path: '/c', weight: 3 },
]

function linesOf(open: readonly string[], sort = 'path', change: Partial<TableTree<Node>> = {}) {
  const input = { rows: nodes, rowKey: ({ path }: Node) => path, columns, collapsed: [] }
  const isExpanded = ({ path }: Node): boolean | undefined =>
    path === '/b' || path === '/b/x' ? open.includes(path) : undefined
  return treeItems(
    { ...input, sort: { column: sort, direction: 'desc' } },
    { parentOf, isExpanded, onFold: () => undefined, ...change },
  )
}
const keysOf = (items: readonly TableItem<Node>[]): string[] => items.map(({ key }) => key)

test('what hangs below an open row follows it, and sorting stays among siblings', () => {
  expect(keysOf(linesOf([]))).toEqual(['/c', '/b', '/a'])
  expect(keysOf(linesOf(['/b', '/b/x']))).toEqual(['/c', '/b', '/b/y', '/b/x', '/b/x/deep', '/a'])
  expect(keysOf(linesOf(['/b', '/b/x'], 'weight'))).toEqual(['/c', '/a', '/b', '/b/x', '/b/x/deep', '/b/y'])
})

test('an open row below a folded one has no line', () => {
  expect(keysOf(linesOf(['/b/x']))).toEqual(['/c', '/b', '/a'])
})

test('each line tells its depth and its place among its siblings', () => {
  expect(linesOf(['/b']).map((item) => item.kind === 'row' && item.tree)).toMatchObject([
    { depth: 0, position: 1, siblings: 3 },
    { depth: 0, position: 2, siblings: 3, isExpanded: true },
    { depth: 1, position: 1, siblings: 2 },
    { depth: 1, position: 2, siblings: 2, isExpanded: false },
    { depth: 0, position: 3, siblings: 3 },
  ])
})

test('words stand last in the row that they are about', () => {
  const wordsBelow = ({ path }: Node) => (path === '/b' ? { words: 'loading' } : undefined)
  expect(linesOf(['/b'], 'path', { wordsBelow })[4]).toMatchObject({
    kind: 'words',
    depth: 1,
    words: 'loading',
  })
})

test('Right unfolds and goes in, Left goes out and folds', () => {
  const folded = linesOf([])
  expect(treeStep('ArrowRight', folded, 1)).toMatchObject({ kind: 'fold', expand: true })
  expect(treeStep('ArrowRight', folded, 0)).toBeUndefined()
  expect(treeStep('ArrowLeft', folded, 0)).toBeUndefined()
  const open = linesOf(['/b', '/b/x'])
  expect(treeStep('ArrowRight', open, 1)).toEqual({ kind: 'go', index: 2 })
  expect(treeStep('ArrowLeft', open, 4)).toEqual({ kind: 'go', index: 3 })
  expect(treeStep('ArrowLeft', open, 2)).toEqual({ kind: 'go', index: 1 })
  expect(treeStep('ArrowLeft', open, 3)).toMatchObject({ kind: 'fold', expand: false })
  expect(treeStep('ArrowDown', open, 3)).toBeUndefined()
})

test('siblings that are the same are sorted once, and anew in another order', () => {
  const asked: string[] = []
  const counting: readonly Column<Node>[] = [
    {
      id: 'path',
      header: '',
      width: 1,
      render: () => null,
      sortValue: ({ path }) => (asked.push(path), path),
    },
  ]
  const sorting = new SiblingSort<Node>()
  const sortOf = (rows: readonly Node[], direction: 'asc' | 'desc'): string[] => {
    asked.length = 0
    sorting.begin({ columns: counting, sort: { column: 'path', direction } })
    return sorting.sort(undefined, rows).map(({ path }) => path)
  }
  const [b = { path: '' }, , , a = { path: '' }] = nodes
  expect([sortOf([b, a], 'asc'), asked.length]).toEqual([['/a', '/b'], 2])
  expect([sortOf([b, a], 'asc'), asked.length]).toEqual([['/a', '/b'], 0])
  expect([sortOf([b, a], 'desc'), asked.length]).toEqual([['/b', '/a'], 2])
  expect([sortOf([b, { path: '/a' }], 'desc'), asked.length]).toEqual([['/b', '/a'], 2])
})
