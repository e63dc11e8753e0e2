import { expect, test } from 'vitest'
import { ancestors, LazyTree, moreKey, toLines, type Page, type TreeEntry } from './lazy-tree'

const entry = (path: string, childCount = 0): TreeEntry => ({
  path,
  name: path.slice(path.lastIndexOf('/') + 1),
  childCount,
})
const words = { loading: 'loading', failed: () => 'failed' }
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** Answers from a table, two entries at a time. */
function treeOf(table: Record<string, TreeEntry[]>) {
  const asked: string[] = []
  const tree = new LazyTree<TreeEntry>((path, offset): Promise<Page<TreeEntry>> => {
    asked.push(`${path} ${offset}`)
    const all = table[path]
    if (!all) return Promise.reject(new Error('gone'))
    return Promise.resolve({ entries: all.slice(offset, offset + 2), total: all.length })
  })
  return { tree, asked }
}

test('a folder is asked for once, and its rest when it comes into sight', async () => {
  const { tree, asked } = treeOf({ '/': [entry('/a'), entry('/b'), entry('/c')] })
  tree.open('/')
  tree.open('/')
  await settled()
  expect(toLines(tree, new Set(), words).map(({ key }) => key)).toEqual(['/a', '/b', moreKey('/')])
  tree.more('/')
  tree.more('/')
  await settled()
  expect(toLines(tree, new Set(), words).map(({ key }) => key)).toEqual(['/a', '/b', '/c'])
  expect(asked).toEqual(['/ 0', '/ 2'])
})

test('what failed says so and is asked for again', async () => {
  const table: Record<string, TreeEntry[]> = {}
  const { tree } = treeOf(table)
  tree.open('/')
  await settled()
  expect(toLines(tree, new Set(), words)[0]?.words).toBe('failed')
  table['/'] = [entry('/a')]
  tree.more('/')
  await settled()
  expect(toLines(tree, new Set(), words).map(({ key }) => key)).toEqual(['/a'])
})

test('3,000 folders in one another are unfolded without an end of the stack', async () => {
  const table: Record<string, TreeEntry[]> = {}
  const expanded = new Set<string>()
  let path = ''
  for (let depth = 0; depth < 3000; depth++) {
    table[path || '/'] = [entry(`${path}/d`, 1)]
    path += '/d'
    expanded.add(path)
  }
  table[path] = []
  const { tree } = treeOf(table)
  tree.open('/')
  for (const one of expanded) tree.open(one)
  await settled()
  const lines = toLines(tree, expanded, words)
  expect(lines).toHaveLength(3000)
  expect(lines.at(-1)?.depth).toBe(2999)
})

test('the folders above a path are those that must be unfolded', () => {
  expect(ancestors('/a/b/c')).toEqual(['/a', '/a/b'])
  expect(ancestors('/a')).toEqual([])
})
