import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { CopyButton } from './CopyButton'

afterEach(cleanup)

test('a page that has no clipboard says so on the button', async () => {
  const before = Object.getOwnPropertyDescriptor(navigator, 'clipboard')
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined })
  onTestFinished(() => {
    Reflect.deleteProperty(navigator, 'clipboard')
    if (before) Object.defineProperty(navigator, 'clipboard', before)
  })
  render(<CopyButton text="docker ps" label="Copy the command" />)
  fireEvent.click(screen.getByRole('button', { name: 'Copy the command' }))
  expect(await screen.findByRole('button', { name: 'The clipboard is not available' })).toBeDefined()
})
