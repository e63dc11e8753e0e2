import { EventEmitter } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'

const parent = Object.assign(new EventEmitter(), { postMessage: vi.fn() })
vi.mock('../core/core', () => ({
  joinOrStartCore: () =>
    Promise.resolve({ onGone: () => undefined, close: () => new Promise(() => undefined) }),
}))

afterEach(() => {
  vi.useRealTimers()
  Reflect.deleteProperty(process, 'parentPort')
})

test('a core that ends says that it lives, until it is done', async () => {
  vi.useFakeTimers()
  Object.assign(process, { parentPort: parent })
  await import('./core-host')
  await vi.advanceTimersByTimeAsync(20_000)
  expect(parent.postMessage).not.toHaveBeenCalled()
  parent.emit('message', { data: { kind: 'stop' }, ports: [] })
  await vi.advanceTimersByTimeAsync(20_000)
  expect(parent.postMessage.mock.calls.length).toBeGreaterThan(4)
})
