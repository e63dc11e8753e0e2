import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { setLanguage } from '../i18n'
import { showError, showToast, toastStore } from '../store/toasts'
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

test('the same failure of many is one message with a count, and all messages are closed at once', () => {
  const silent = { code: 'engine.not-responding', message: 'silent', facts: {} } as const
  render(<Toasts />)
  act(() => {
    for (let n = 0; n < 78; n++) showError(silent)
    showError({ ...silent, message: 'another' })
    showToast({ tone: 'ok', title: 'Saved' })
    showToast({ tone: 'ok', title: 'Saved' })
  })
  expect(screen.getAllByRole('alert')).toHaveLength(2)
  expect(screen.getByText('78 times')).toBeTruthy()
  expect(screen.getAllByText('Saved')).toHaveLength(2)
  act(() => screen.getByRole('button', { name: 'Close all messages' }).click())
  expect(toastStore.getState().toasts).toEqual([])
})
