import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type ReactNode } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { ContextMenu, Menu, type MenuItem } from '.'

const user = userEvent.setup()
afterEach(cleanup)

const [onPause, onRestart] = [vi.fn(), vi.fn()]
const stopped: readonly MenuItem[] = [{ label: 'Restart', onSelect: onRestart }]
const running: readonly MenuItem[] = [{ label: 'Pause', onSelect: onPause }, ...stopped]

const names = (): (string | null)[] => screen.getAllByRole('menuitem').map((one) => one.textContent)

test('an open menu keeps its lines; opened again it has those of now', async () => {
  const menuOf = (items: readonly MenuItem[]): ReactNode => (
    <Menu trigger={<button>Actions</button>} items={items} />
  )
  const { rerender } = render(menuOf(stopped))
  await user.click(screen.getByRole('button', { name: 'Actions' }))
  const restart = await screen.findByRole('menuitem', { name: 'Restart' })
  rerender(menuOf(running))
  expect(names()).toEqual(['Restart'])
  await user.click(restart)
  expect([onPause.mock.calls.length, onRestart.mock.calls.length]).toEqual([0, 1])
  await user.click(screen.getByRole('button', { name: 'Actions' }))
  await screen.findByRole('menuitem', { name: 'Pause' })
  expect(names()).toEqual(['Pause', 'Restart'])
})

test('a context menu keeps its lines too, and has those of the place that is pointed at next', async () => {
  const menuOf = (items: readonly MenuItem[]): ReactNode => (
    <ContextMenu items={items}>
      <p>Place</p>
    </ContextMenu>
  )
  const { rerender } = render(menuOf(running))
  const point = (): Promise<void> => user.pointer({ keys: '[MouseRight]', target: screen.getByText('Place') })
  await point()
  await screen.findByRole('menuitem', { name: 'Pause' })
  rerender(menuOf(stopped))
  expect(names()).toEqual(['Pause', 'Restart'])
  await user.keyboard('{Escape}')
  await point()
  expect(names()).toEqual(['Restart'])
})

test('a choice in an open menu shows at once whether it is on', async () => {
  function Choice(): ReactNode {
    const [isOn, setOn] = useState(false)
    return (
      <Menu
        trigger={<button>Columns</button>}
        items={[{ label: 'Size', checked: isOn, onSelect: () => setOn(!isOn) }]}
      />
    )
  }
  render(<Choice />)
  await user.click(screen.getByRole('button', { name: 'Columns' }))
  const choice = await screen.findByRole('menuitemcheckbox', { name: 'Size' })
  await user.click(choice)
  expect(choice.getAttribute('aria-checked')).toBe('true')
})
