import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type ReactNode } from 'react'
import { expect, onTestFinished, test, vi } from 'vitest'
import { DataTable, type Column, type DataTableProps } from '.'

interface Row {
  readonly id: string
  readonly group?: string
}
const rowsUpTo = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: `row-${index}` }))
const columns: readonly Column<Row>[] = [
  { id: 'id', header: 'ID', width: 100, sortValue: (row) => row.id, render: (row) => <bdi>{row.id}</bdi> },
  { id: 'extra', header: 'Extra', width: 80, isOptional: true, render: () => 'x' },
]

const selected = (): string[] =>
  screen.queryAllByRole('row', { selected: true }).map((row) => row.querySelector('bdi')?.textContent ?? '')

function Table(props: Partial<DataTableProps<Row>> & { readonly count?: number }): ReactNode {
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set())
  return (
    <DataTable
      label="Rows"
      rows={rowsUpTo(props.count ?? 10)}
      rowKey={(row) => row.id}
      columns={columns}
      selection={selection}
      onSelection={setSelection}
      {...props}
    />
  )
}

function focused(element: ReactNode) {
  render(element)
  const grid = screen.getByLabelText('Rows')
  grid.focus()
  return { grid, user: userEvent.setup() }
}

test('a thousand rows draw a screenful', () => {
  render(<Table count={1000} />)
  const grid = screen.getByRole('grid', { name: 'Rows' })
  expect(grid.getAttribute('aria-rowcount')).toBe('1001')
  expect(screen.getAllByRole('row').length).toBeLessThan(60)
})

test('arrows walk, Shift fills, Space toggles, Escape empties', async () => {
  const { user } = focused(<Table />)
  await user.keyboard('{ArrowDown}{ArrowDown}')
  expect(selected()).toEqual(['row-1'])
  await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}')
  expect(selected()).toEqual(['row-1', 'row-2', 'row-3'])
  await user.keyboard(' ')
  expect(selected()).toEqual(['row-1', 'row-2'])
  await user.keyboard('{Escape}')
  expect(selected()).toEqual([])
})

test('Home, End and Ctrl+A reach all', async () => {
  const { grid, user } = focused(<Table />)
  await user.keyboard('{End}')
  expect(selected()).toEqual(['row-9'])
  await user.keyboard('{Home}')
  expect(selected()).toEqual(['row-0'])
  expect(document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.textContent).toContain(
    'row-0',
  )
  await user.keyboard('{Control>}a{/Control}')
  expect(selected()).toHaveLength(10)
})

test('Enter opens and Delete asks about all that is selected', async () => {
  const [onOpen, onDelete] = [vi.fn(), vi.fn()]
  const { user } = focused(<Table onOpen={onOpen} onDelete={onDelete} />)
  await user.keyboard('{ArrowDown}{Enter}{Shift>}{ArrowDown}{/Shift}{Delete}')
  expect(onOpen).toHaveBeenCalledWith({ id: 'row-0' })
  expect(onDelete).toHaveBeenCalledWith([{ id: 'row-0' }, { id: 'row-1' }])
})

test('clicks pick one, several and a range', async () => {
  const { user } = focused(<Table />)
  await user.click(screen.getByText('row-2'))
  await user.keyboard('{Control>}')
  await user.click(screen.getByText('row-5'))
  await user.keyboard('{/Control}')
  expect(selected()).toEqual(['row-2', 'row-5'])
  await user.keyboard('{Shift>}')
  await user.click(screen.getByText('row-7'))
  await user.keyboard('{/Shift}')
  expect(selected()).toEqual(['row-5', 'row-6', 'row-7'])
})

test('a checkbox with Shift fills from where the last click was, be it on a row or on a checkbox', async () => {
  const { user } = focused(<Table />)
  const checkbox = (at: number): HTMLElement =>
    screen.getAllByRole('checkbox', { name: 'Select' })[at] as HTMLElement
  await user.click(screen.getByText('row-2'))
  await user.keyboard('{Shift>}')
  await user.click(checkbox(4))
  await user.keyboard('{/Shift}')
  expect(selected()).toEqual(['row-2', 'row-3', 'row-4'])
  await user.click(checkbox(7))
  expect(selected()).toEqual(['row-2', 'row-3', 'row-4', 'row-7'])
  await user.keyboard('{Shift>}')
  await user.click(checkbox(5))
  await user.keyboard('{/Shift}')
  expect(selected()).toEqual(['row-5', 'row-6', 'row-7'])
})

test('a click on a control in a cell leaves the selection alone', async () => {
  const pressed = vi.fn()
  const { user } = focused(
    <Table rowActions={(row) => <button onClick={pressed}>{`do ${row.id}`}</button>} />,
  )
  await user.click(screen.getByText('do row-3'))
  expect(pressed).toHaveBeenCalledOnce()
  expect(selected()).toEqual([])
})

test('the keyboard opens the menu for the selected rows', async () => {
  const menuFor = vi.fn((rows: readonly Row[]) => [{ label: `Stop ${rows.length}`, onSelect: vi.fn() }])
  const { user } = focused(<Table menuFor={menuFor} />)
  await user.keyboard('{ArrowDown}{Shift>}{ArrowDown}{F10}{/Shift}')
  expect(await screen.findByRole('menuitem', { name: 'Stop 2' })).toBeTruthy()
})

test('a right click beside the selection picks that row alone', async () => {
  const { user } = focused(
    <Table menuFor={(rows) => [{ label: rows.map((row) => row.id).join(), onSelect: vi.fn() }]} />,
  )
  await user.keyboard('{ArrowDown}')
  await user.pointer({ keys: '[MouseRight]', target: screen.getByText('row-4') })
  expect(await screen.findByRole('menuitem', { name: 'row-4' })).toBeTruthy()
})

test('a bulk bar shows from two rows on', async () => {
  const { user } = focused(<Table bulkBar={(rows) => <span>{`bulk of ${rows.length}`}</span>} />)
  await user.keyboard('{ArrowDown}')
  expect(screen.queryByText(/bulk of/)).toBeNull()
  await user.keyboard('{Shift>}{ArrowDown}{/Shift}')
  expect(screen.getByText('bulk of 2')).toBeTruthy()
})

test('sorting, widths and hidden columns are told to whoever remembers', async () => {
  const onLayout = vi.fn()
  const { user } = focused(<Table layout={{}} onLayout={onLayout} />)
  const header = screen.getByRole('button', { name: 'ID' })
  await user.click(header)
  expect(onLayout).toHaveBeenLastCalledWith({ sort: { column: 'id', direction: 'asc' } })
  await user.keyboard('{Shift>}{ArrowRight}{/Shift}')
  expect(onLayout).toHaveBeenLastCalledWith({ widths: { id: 116 } })
  await user.click(screen.getByRole('button', { name: 'Columns' }))
  await user.click(await screen.findByRole('menuitemcheckbox', { name: 'Extra' }))
  expect(onLayout).toHaveBeenLastCalledWith({ shown: { extra: false } })
})

test('groups fold with the arrow keys and stay folded', async () => {
  const rows = [{ id: 'a', group: 'one' }, { id: 'b', group: 'one' }, { id: 'c' }]
  const { user } = focused(<Table rows={rows} groupOf={(row) => row.group} />)
  const group = screen.getByText('one').closest('[role=row]')
  expect(group?.getAttribute('aria-expanded')).toBe('true')
  await user.keyboard('{ArrowDown}{ArrowLeft}')
  expect(screen.queryByText('a')).toBeNull()
  expect(screen.getByText('c')).toBeTruthy()
  await user.keyboard('{ArrowRight}')
  expect(screen.getByText('a')).toBeTruthy()
})

test('whoever watches visible rows hears them, and an empty list at the end', () => {
  const onVisible = vi.fn()
  const { unmount } = render(<Table count={1000} onVisible={onVisible} />)
  const rows = onVisible.mock.lastCall?.[0] as Row[]
  expect(rows[0]).toEqual({ id: 'row-0' })
  expect(rows.length).toBeLessThan(60)
  unmount()
  expect(onVisible).toHaveBeenLastCalledWith([])
})

test('without rows stands what the caller says', () => {
  render(<Table rows={[]} empty={<p>Nothing here</p>} />)
  expect(screen.getByText('Nothing here')).toBeTruthy()
})

test('a click on a line leaves the keys with the list', async () => {
  const user = userEvent.setup()
  render(<Table />)
  await user.click(screen.getByText('row-2'))
  expect(document.activeElement).toBe(screen.getByLabelText('Rows'))
  await user.keyboard('{ArrowDown}')
  expect(selected()).toEqual(['row-3'])
})

test('a list is one stop of Tab, not one for each line', async () => {
  const { user } = focused(<Table />)
  await user.tab()
  expect(document.activeElement?.getAttribute('aria-labelledby')).toBeTruthy()
  expect(screen.getAllByRole('checkbox', { name: 'Select' }).every((one) => one.tabIndex === -1)).toBe(true)
  expect(screen.getByRole('checkbox', { name: 'Select all' }).tabIndex).toBe(0)
})

test('a list that comes with a row selected goes on from there', async () => {
  function Kept(): ReactNode {
    const [selection, setSelection] = useState<ReadonlySet<string>>(new Set(['row-4']))
    return <Table selection={selection} onSelection={setSelection} />
  }
  const { user } = focused(<Kept />)
  await user.keyboard('{ArrowDown}')
  expect(selected()).toEqual(['row-5'])
})

test('typed letters find a name, signs only inside one, and other keys are left to the window', async () => {
  // The clock stands still: a letter that comes late begins another name.
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const rows = ['alpine:3', 'busybox:1', 'busybox:2', 'nginx'].map((id) => ({ id }))
  const { grid, user } = focused(<Table rows={rows} nameOf={(row) => row.id} />)
  const line = (): string =>
    document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.textContent ?? ''
  const isTaken: boolean[] = []
  const onKey = (event: KeyboardEvent): number => isTaken.push(event.defaultPrevented)
  window.addEventListener('keydown', onKey)
  onTestFinished(() => window.removeEventListener('keydown', onKey))
  await user.keyboard('?')
  await user.keyboard('b')
  expect(line()).toContain('busybox:1')
  await user.keyboard('b')
  expect(line()).toContain('busybox:2')
  expect(selected()).toEqual(['busybox:2'])
  await user.keyboard('usybox:1')
  expect(line()).toContain('busybox:1')
  expect(isTaken).toEqual([false, ...Array<boolean>(10).fill(true)])
})

test('what was selected by Ctrl+A is deleted although no line is active', async () => {
  const onDelete = vi.fn()
  const { user } = focused(<Table count={3} onDelete={onDelete} />)
  await user.keyboard('{Delete}')
  expect(onDelete).not.toHaveBeenCalled()
  await user.keyboard('{Control>}a{/Control}{Delete}')
  expect(onDelete).toHaveBeenCalledExactlyOnceWith(rowsUpTo(3))
})

test('what is folded away is neither deleted nor given to the caller’s keys', async () => {
  const [onDelete, onKey] = [vi.fn(), vi.fn(() => false)]
  const rows = [{ id: 'a', group: 'one' }, { id: 'b', group: 'two' }, { id: 'c' }]
  const { user } = focused(
    <Table rows={rows} groupOf={(row) => row.group} onDelete={onDelete} onKey={onKey} />,
  )
  await user.keyboard('{Control>}a{/Control}s')
  expect(onKey).toHaveBeenLastCalledWith(expect.anything(), rows)
  await user.click(screen.getAllByRole('button', { name: 'Collapse' })[0] as HTMLElement)
  screen.getByLabelText('Rows').focus()
  await user.keyboard('s{Delete}')
  expect(onKey).toHaveBeenLastCalledWith(expect.anything(), rows.slice(1))
  expect(onDelete).toHaveBeenLastCalledWith(rows.slice(1))
  onKey.mockClear()
  await user.keyboard('{ArrowDown}s{Delete}')
  expect(onKey).not.toHaveBeenCalled()
  expect(onDelete).toHaveBeenCalledOnce()
})
