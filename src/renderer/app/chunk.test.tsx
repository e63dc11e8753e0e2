import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Suspense } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { chunk } from './chunk'
import { PageBoundary } from './PageBoundary'

/** One try instead of ten seconds of them. */
const once = <T,>(load: () => Promise<T>): Promise<T> => load()

// React tells the console about what a boundary caught; here that is wanted.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => {
  vi.restoreAllMocks()
  cleanup()
})

test('a chunk that could not be had at all is asked for again by the button', async () => {
  let isThere = false
  const load = () =>
    isThere ? Promise.resolve(() => <p>whole page</p>) : Promise.reject(new Error('not there'))
  const Page = chunk(load, once)
  render(
    <PageBoundary page="/a">
      <Suspense fallback="waiting">
        <Page />
      </Suspense>
    </PageBoundary>,
  )
  const button = await screen.findByRole('button', { name: 'Try again' })
  isThere = true
  await userEvent.click(button)
  expect(await screen.findByText('whole page')).toBeTruthy()
})
