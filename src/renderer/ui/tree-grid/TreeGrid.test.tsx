import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type ReactNode } from 'react'
import { expect, onTestFinished, test, vi } from 'vitest'
import { TreeGrid, type TreeLine } from '.'

interface Row {
  readonly name: string
}
const line = (key: string, depth: number, isExpanded?: boolean): TreeLine<Row> => {
  const name = key.slice(key.lastIndexOf('/') + 1)
  return { key, depth, name, position: 1, siblings: 2, row: { name }, isExpanded }
}
const small = [
  line('/etc', 0, true),
  line('/etc/app.conf', 1),
  line('/usr', 0, false),
  line('/var', 0, false),
]

interface TreeProps {
  readonly lines?: readonly TreeLine<Row>[]
  readonly onFold?: (key: string, expand: boolean) => void
  readonly onOpen?: (key: string) => void
}

function Tree({ lines = small, onFold = () => undefined, onOpen }: TreeProps): ReactNode {
  const [active, setActive] = useState<string>()
  return (
    <TreeGrid
      label="Files"
      lines={lines}
      columns={[{ id: 'name', header: 'Name', render: (row) => <bdi>{row.name}</bdi> }]}
      active={active}
      onActive={setActive}
      onFold={onFold}
      onOpen={onOpen}
    />
  )
}

const active = (): string | undefined =>
  screen.queryByRole('row', { selected: true })?.querySelector('bdi')?.textContent ?? undefined

function focused(tree: ReactNode) {
  render(tree)
  screen.getByRole('treegrid', { name: 'Files' }).focus()
  return userEvent.setup()
}

test('arrows, Home and End go along the lines', async () => {
  const user = focused(<Tree />)
  await user.keyboard('{ArrowDown}{ArrowDown}')
  expect(active()).toBe('app.conf')
  await user.keyboard('{End}')
  expect(active()).toBe('var')
  await user.keyboard('{Home}')
  expect(active()).toBe('etc')
})

test('Right unfolds or goes in, Left goes out or folds', async () => {
  const onFold = vi.fn()
  const user = focused(<Tree onFold={onFold} />)
  await user.keyboard('{Home}{ArrowRight}')
  expect(active()).toBe('app.conf')
  await user.keyboard('{ArrowLeft}')
  expect(active()).toBe('etc')
  await user.keyboard('{ArrowLeft}')
  expect(onFold).toHaveBeenLastCalledWith('/etc', false)
  await user.keyboard('u{ArrowRight}')
  expect(onFold).toHaveBeenLastCalledWith('/usr', true)
})

test('typed letters find a name, and Enter opens it', async () => {
  // The clock stands still: a letter that comes late begins another name.
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const onOpen = vi.fn()
  const user = focused(<Tree onOpen={onOpen} />)
  await user.keyboard('va')
  expect(active()).toBe('var')
  await user.keyboard('{Enter}')
  expect(onOpen).toHaveBeenCalledWith('/var')
})

test('after a click the keys belong to the tree', async () => {
  const user = focused(<Tree />)
  await user.click(screen.getByText('usr'))
  await user.keyboard('{ArrowDown}')
  expect(active()).toBe('var')
})

test('of 100,000 lines only those in sight are drawn, and a row says its level and place', () => {
  const lines = Array.from({ length: 100_000 }, (_, at) => line(`/f${at}`, 0))
  render(<Tree lines={lines} />)
  expect(screen.getAllByRole('row').length).toBeLessThan(100)
  expect(screen.getByRole('treegrid').getAttribute('aria-rowcount')).toBe('100001')
  expect(screen.getAllByRole('row')[1]?.getAttribute('aria-level')).toBe('1')
})
