import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PageBoundary } from './PageBoundary'

// React tells the console about what a boundary caught; here that is wanted.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => {
  vi.restoreAllMocks()
  cleanup()
})

let isBroken = true
function Page() {
  if (isBroken) throw new Error('broken page')
  return <p>whole page</p>
}

test('a broken page says so and can be tried again', async () => {
  isBroken = true
  render(
    <PageBoundary page="/a">
      <Page />
    </PageBoundary>,
  )
  expect(screen.getByRole('alert').textContent).toContain('This page ran into a problem')
  isBroken = false
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(screen.getByText('whole page')).toBeTruthy()
})

test('going elsewhere leaves the problem behind', () => {
  isBroken = true
  const { rerender } = render(
    <PageBoundary page="/a">
      <Page />
    </PageBoundary>,
  )
  rerender(
    <PageBoundary page="/b">
      <p>another page</p>
    </PageBoundary>,
  )
  expect(screen.getByText('another page')).toBeTruthy()
})
