import { expect, test } from 'vitest'
import { templateOf, totalWidth, withoutWidth, withWidth, type Column } from './columns'

const columns: readonly Column<string>[] = [
  { id: 'name', header: 'Name', width: 180, render: (row) => row },
  { id: 'image', header: 'Image', width: 160, render: (row) => row },
  { id: 'ports', header: 'Ports', width: 140, minWidth: 116, render: (row) => row },
  { id: 'cpu', header: 'CPU', width: 116, align: 'end', render: (row) => row },
]
const ends = { hasMarks: true, endWidth: 112 }

test('columns of words give up some of their width before the table scrolls sideways', () => {
  expect(templateOf(columns, {}, ends)).toBe(
    '28px minmax(180px, 180fr) minmax(120px, 160px) minmax(116px, 140px) minmax(116px, 116px) 112px',
  )
  expect(totalWidth(columns, {}, ends)).toBe(28 + 180 + 120 + 116 + 116 + 112)
})

test('a column that a person made wider stays as wide', () => {
  const layout = withWidth({}, columns[1] as Column<string>, 200)
  expect(templateOf(columns, layout, ends)).toContain('minmax(200px, 200px)')
  expect(totalWidth(columns, layout, ends)).toBe(28 + 180 + 200 + 116 + 116 + 112)
})

test('what is left over is shared by the first column and those that grow, but for what a person made', () => {
  const growing = columns.map((column) => ({ ...column, grows: column.id === 'ports' }))
  expect(templateOf(growing, {}, ends)).toBe(
    '28px minmax(180px, 180fr) minmax(120px, 160px) minmax(116px, 140fr) minmax(116px, 116px) 112px',
  )
  const layout = withWidth({}, growing[2] as Column<string>, 150)
  expect(templateOf(growing, layout, ends)).toContain('minmax(150px, 150px)')
  expect(withoutWidth(layout, growing[2] as Column<string>)).toEqual({ widths: {} })
})
