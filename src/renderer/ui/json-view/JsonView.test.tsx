import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { JsonView } from '..'

test('Left goes out to the branch, then closes it', async () => {
  const user = userEvent.setup()
  render(<JsonView label="JSON" value={{ one: { two: 2 } }} />)
  const active = (): string | null | undefined =>
    screen.getByRole('treeitem', { selected: true }).querySelector('.json-view__key')?.textContent
  screen.getByRole('tree').focus()
  await user.keyboard('{ArrowDown}{ArrowDown}')
  expect(active()).toBe('two: ')
  await user.keyboard('{ArrowLeft}')
  expect(active()).toBe('one: ')
  await user.keyboard('{ArrowLeft}')
  expect(screen.queryByText('two:')).toBeNull()
  expect(active()).toBe('one: ')
})
