import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { setLanguage } from '../i18n'
import { showToast, toastStore } from '../store/toasts'
import { Toasts } from './Toasts'

beforeEach(async () => {
  await setLanguage('en')
  toastStore.setState({ toasts: [] })
  vi.useFakeTimers()
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const wait = (ms: number): void => act(() => void vi.advanceTimersByTime(ms))

test('good news does not go away under the focus', () => {
  render(<Toasts />)
  act(
    () =>
      void showToast({ tone: 'ok', title: 'Saved', action: { label: 'Show', onSelect: () => undefined } }),
  )
  act(() => screen.getByRole('button', { name: 'Show' }).focus())
  wait(60_000)
  expect(screen.getByText('Saved')).toBeTruthy()
  act(() => screen.getByRole('button', { name: 'Show' }).blur())
  wait(60_000)
  expect(screen.queryByText('Saved')).toBeNull()
})
