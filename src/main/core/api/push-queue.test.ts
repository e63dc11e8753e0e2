import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CoreMessage, CoreTransport } from '../../../shared/contract/wire'
import { PushQueue } from './push-queue'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function lab() {
  const sent: unknown[] = []
  const road = { bufferedBytes: 0 }
  const transport = {
    get bufferedBytes() {
      return road.bufferedBytes
    },
    send: (message: CoreMessage) => void sent.push('value' in message ? message.value : message),
  } as CoreTransport
  return { sent, road, queue: new PushQueue(transport) }
}

test('a push goes at once while the road is free, and no timer runs', () => {
  const { sent, queue } = lab()
  queue.put('window.navigate', 1)
  queue.put('window.navigate', 2)
  expect(sent).toEqual([1, 2])
  expect(vi.getTimerCount()).toBe(0)
})

test('behind a busy road the newest of each name is kept, and goes when there is room', () => {
  const { sent, road, queue } = lab()
  road.bufferedBytes = 2_000_000
  for (let n = 0; n < 1000; n++) queue.put('window.navigate', n)
  queue.put('settings.changed', 'new')
  vi.advanceTimersByTime(1000)
  expect(sent).toEqual([])
  road.bufferedBytes = 0
  vi.advanceTimersByTime(100)
  expect(sent).toEqual([999, 'new'])
  expect(vi.getTimerCount()).toBe(0)
})

test('closing forgets what is held', () => {
  const { sent, road, queue } = lab()
  road.bufferedBytes = 2_000_000
  queue.put('window.navigate', 1)
  queue.close()
  road.bufferedBytes = 0
  vi.advanceTimersByTime(1000)
  expect(sent).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})
