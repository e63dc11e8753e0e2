import { expect, test } from 'vitest'
import { isShown, withCollapsed, withShown, withSort, withWidth, type Column } from './columns'
import { clicked, range } from './selection'
import { tableItems } from './table-items'

interface Fruit {
  readonly name: string
  readonly weight?: number
  readonly box?: string
}
const columns: readonly Column<Fruit>[] = [
  { id: 'name', header: 'Name', width: 100, sortValue: (row) => row.name, render: (row) => row.name },
  { id: 'weight', header: 'Weight', width: 100, sortValue: (row) => row.weight, render: () => null },
]
const rows: readonly Fruit[] = [
  { name: 'fig-10', weight: 3, box: 'b' },
  { name: 'fig-9' },
  { name: 'Apple', weight: 1, box: 'a' },
  { name: 'pear', weight: 2, box: 'b' },
]
const namesOf = (change: Partial<Parameters<typeof tableItems<Fruit>>[0]>): string[] =>
  tableItems({ rows, rowKey: (row) => row.name, columns, sort: undefined, collapsed: [], ...change }).map(
    (item) => (item.kind === 'group' ? `[${item.id} ${item.rows.length}]` : item.key),
  )

test('text sorts as people count, without regard to case', () => {
  expect(namesOf({ sort: { column: 'name', direction: 'asc' } })).toEqual([
    'Apple',
    'fig-9',
    'fig-10',
    'pear',
  ])
})

test('rows without a value come last in both directions', () => {
  expect(namesOf({ sort: { column: 'weight', direction: 'asc' } }).at(-1)).toBe('fig-9')
  expect(namesOf({ sort: { column: 'weight', direction: 'desc' } })).toEqual([
    'fig-10',
    'pear',
    'Apple',
    'fig-9',
  ])
})

test('a sort by a column that is gone leaves the order', () => {
  expect(namesOf({ sort: { column: 'colour', direction: 'asc' } })).toEqual(rows.map((row) => row.name))
})

test('groups come first, by name; a collapsed one keeps its line', () => {
  const grouped = { groupOf: (row: Fruit) => row.box, sort: { column: 'name', direction: 'asc' } as const }
  expect(namesOf(grouped)).toEqual(['[a 1]', 'Apple', '[b 2]', 'fig-10', 'pear', 'fig-9'])
  expect(namesOf({ ...grouped, collapsed: ['b'] })).toEqual(['[a 1]', 'Apple', '[b 2]', 'fig-9'])
})

test('a second click on a header turns the order around', () => {
  const column = (id: string, isMostFirst = false): Column<Fruit> => ({
    id,
    header: id,
    width: 80,
    isMostFirst,
    render: () => id,
  })
  const once = withSort({}, column('name'))
  expect(once.sort?.direction).toBe('asc')
  const twice = withSort(once, column('name'))
  expect(twice.sort?.direction).toBe('desc')
  expect(withSort(twice, column('weight')).sort).toEqual({ column: 'weight', direction: 'asc' })
  const most = withSort(twice, column('load', true))
  expect(most.sort).toEqual({ column: 'load', direction: 'desc' })
  expect(withSort(most, column('load', true)).sort?.direction).toBe('asc')
})

test('a column is never narrower than its least width', () => {
  const column = columns[0] as Column<Fruit>
  expect(withWidth({}, column, 3).widths).toEqual({ name: 48 })
  expect(withWidth({}, { ...column, minWidth: 90 }, 3).widths).toEqual({ name: 90 })
})

test('only optional columns can be hidden', () => {
  const column = columns[0] as Column<Fruit>
  expect(isShown(column, withShown({}, 'name', false))).toBe(true)
  expect(isShown({ ...column, isOptional: true }, withShown({}, 'name', false))).toBe(false)
  expect(isShown({ ...column, isOptional: true, isHidden: true }, {})).toBe(false)
})

test('collapsing twice remembers a group once', () => {
  expect(withCollapsed(withCollapsed({}, 'a', true), 'a', true).collapsed).toEqual(['a'])
  expect(withCollapsed({ collapsed: ['a', 'b'] }, 'a', false).collapsed).toEqual(['b'])
})

const plain = { shiftKey: false, ctrlKey: false, metaKey: false }
const pick = { keys: ['a', 'b', 'c', 'd'], selection: new Set(['b']), anchor: 'b' }

test('a click picks one, with Ctrl it adds, with Shift it fills from the anchor', () => {
  expect([...clicked(pick, 'd', plain)]).toEqual(['d'])
  expect([...clicked(pick, 'd', { ...plain, ctrlKey: true })]).toEqual(['b', 'd'])
  expect([...clicked(pick, 'b', { ...plain, metaKey: true })]).toEqual([])
  expect([...clicked(pick, 'd', { ...plain, shiftKey: true })]).toEqual(['b', 'c', 'd'])
  expect([...range(pick, 'a')]).toEqual(['a', 'b'])
  expect([...range({ ...pick, anchor: 'gone' }, 'c')]).toEqual(['c'])
})
