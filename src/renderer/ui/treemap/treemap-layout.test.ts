import { expect, test } from 'vitest'
import { layTreemap, neighbour, type TreemapNode } from './treemap-layout'

const leaf = (key: string, value: number): TreemapNode => ({ key, name: key, value, isFolder: false })
const root: TreemapNode = {
  key: '/',
  name: '/',
  value: 100,
  isFolder: true,
  children: [leaf('a', 50), leaf('b', 25), leaf('c', 25)],
}
const cells = layTreemap(root, { width: 400, height: 200 })

test('areas are in proportion to the values, and the largest comes first', () => {
  expect(cells.map(({ node }) => node.key)).toEqual(['a', 'b', 'c'])
  const area = (at: number): number => (cells[at]?.width ?? 0) * (cells[at]?.height ?? 0)
  expect(area(0) / area(1)).toBeGreaterThan(1.9)
  expect(area(0) / area(1)).toBeLessThan(2.15)
})

test('an arrow goes to the neighbour on that side, and nowhere at the edge', () => {
  const [a] = cells
  if (!a) throw new Error('no cell')
  expect(neighbour(cells, a, 'ArrowLeft')).toBeUndefined()
  expect(neighbour(cells, a, 'ArrowRight')?.node.key).toMatch(/[bc]/)
})

test('a folder without bytes has no picture', () => {
  expect(layTreemap({ ...root, value: 0, children: [] }, { width: 400, height: 200 })).toEqual([])
})

test('above what is in a folder there is room for its name', () => {
  const folder = { ...leaf('bin', 100), isFolder: true, children: [leaf('bin/tool', 100)] }
  const [outer, inner] = layTreemap({ ...root, children: [folder] }, { width: 400, height: 200 })
  expect((inner?.y ?? 0) - (outer?.y ?? 0)).toBeGreaterThan(15)
})

test('a folder too low for its name leaves the place to the names in it', () => {
  const folder = { ...leaf('bin', 100), isFolder: true, children: [leaf('bin/tool', 100)] }
  const named = (height: number): boolean[] =>
    layTreemap({ ...root, children: [folder] }, { width: 400, height }).map(({ isNamed }) => isNamed)
  expect(named(200)).toEqual([true, true])
  expect(named(30)).toEqual([false, true])
})
