import { afterEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../testing/window/fake-client'
import { AppError } from '../../shared/errors'
import { connectionStore, getClient, reconnectNow, startConnection } from './connection'

afterEach(() => vi.useRealTimers())
const stateNow = (): string => connectionStore.getState().state

test('a lost connection is made anew by itself, and listeners stay', async () => {
  vi.useFakeTimers()
  const cores: FakeClient[] = []
  const heard: string[] = []
  getClient().onPush('window.navigate', ({ path }) => void heard.push(path))
  startConnection(() => {
    const core = new FakeClient()
    cores.push(core)
    return Promise.resolve(core.client)
  })
  await vi.advanceTimersByTimeAsync(0)
  expect(stateNow()).toBe('connected')
  cores[0]?.close()
  expect(stateNow()).toBe('gone')
  await expect(getClient().call('app.info', {})).rejects.toMatchObject({ code: 'core.gone' })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(stateNow()).toBe('connected')
  cores[1]?.push('window.navigate', { path: '/images' })
  cores[0]?.push('window.navigate', { path: '/old' })
  expect(heard).toEqual(['/images'])
})

test('a core that does not answer is tried again, more and more slowly', async () => {
  vi.useFakeTimers()
  let tries = 0
  startConnection(() => {
    tries++
    return Promise.reject(new AppError('core.gone', 'x'))
  })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(stateNow()).toBe('gone')
  expect(tries).toBeGreaterThan(8)
  expect(tries).toBeLessThan(30)
})

test('a refused token is not tried again until a person asks', async () => {
  vi.useFakeTimers()
  let tries = 0
  startConnection(() => {
    tries++
    return Promise.reject(new AppError('core.gone', 'x', { facts: { isRefused: true } }))
  })
  await vi.advanceTimersByTimeAsync(60_000)
  expect([stateNow(), tries]).toEqual(['refused', 1])
  reconnectNow()
  await vi.advanceTimersByTimeAsync(0)
  expect(tries).toBe(2)
})
