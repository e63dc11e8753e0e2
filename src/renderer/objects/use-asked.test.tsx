import { render, screen } from '@testing-library/react'
import { act, useState } from 'react'
import { expect, test } from 'vitest'
import { Router } from 'wouter'
import { memoryLocation } from 'wouter/memory-location'
import { useAsked } from './use-asked'

const dialogs = { prune: () => 'the clean-up', pull: (value: string) => `a pull of “${value}”` }

function Page() {
  const [dialog, setDialog] = useState<string>()
  useAsked(dialogs, setDialog)
  return <button onClick={() => setDialog(undefined)}>{dialog ?? 'nothing'}</button>
}

function openAt(path: string) {
  const location = memoryLocation({ path, record: true })
  render(
    <Router hook={location.hook} searchHook={location.searchHook}>
      <Page />
    </Router>,
  )
  return location
}

const shown = () => screen.getByRole('button').textContent

test('an address opens the dialog that it names, with what it says, and no other', () => {
  const { navigate } = openAt('/x?prune')
  expect(shown()).toBe('the clean-up')
  act(() => navigate('/x?pull=nginx%3A1'))
  expect(shown()).toBe('a pull of “nginx:1”')
})

// Else a reload or Back would open it again.
test('the question leaves the address once the dialog is open; another stays', () => {
  const { history, navigate } = openAt('/x?pull=')
  expect(shown()).toBe('a pull of “”')
  expect(history).toEqual(['/x'])
  act(() => screen.getByRole('button').click())
  act(() => navigate('/x?engine=y'))
  expect(shown()).toBe('nothing')
  expect(history.at(-1)).toBe('/x?engine=y')
})

test('a page that is open hears the same question again', () => {
  const { navigate } = openAt('/x?prune')
  act(() => screen.getByRole('button').click())
  expect(shown()).toBe('nothing')
  act(() => navigate('/x?prune'))
  expect(shown()).toBe('the clean-up')
})
