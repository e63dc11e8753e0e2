import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { loadAgain } from './load-again'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('what fails at first is loaded at a later try', async () => {
  let asked = 0
  const loaded = loadAgain(() => (++asked < 4 ? Promise.reject(new Error('gone')) : Promise.resolve('here')))
  await vi.runAllTimersAsync()
  await expect(loaded).resolves.toBe('here')
  expect(asked).toBe(4)
})

test('what never comes is given up with its own failure', async () => {
  let asked = 0
  const loaded = loadAgain(() => Promise.reject(new Error(`try ${++asked}`)))
  const told = expect(loaded).rejects.toThrow('try 8')
  await vi.runAllTimersAsync()
  await told
})
