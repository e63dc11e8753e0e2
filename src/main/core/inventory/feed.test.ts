import { expect, test } from 'vitest'
import type { InventoryItem } from '../../../shared/model'
import { Feed } from './feed'

const small: InventoryItem = { kind: 'engines', engines: [], roads: [] }
const large = {
  kind: 'deltas',
  deltas: [
    { engine: 'e', kind: 'containers', rev: 2, put: Array.from({ length: 3_000 }, () => ({})), drop: [] },
  ],
} as unknown as InventoryItem

const ready = (): Feed => {
  const feed = new Feed()
  feed.caughtUp()
  return feed
}

test('a new reader is owed a snapshot and keeps nothing until it has it', () => {
  const feed = new Feed()
  feed.push(small)
  expect(feed.isBehind).toBe(true)
  expect(feed.take()).toBeUndefined()
})

test('items come in order', () => {
  const feed = ready()
  feed.push(small)
  feed.push(large)
  expect([feed.take(), feed.take(), feed.take()]).toEqual([small, large, undefined])
})

test('too many items, or too many rows, become one snapshot', () => {
  const byItems = ready()
  for (let i = 0; i < 65; i++) byItems.push(small)
  expect(byItems.isBehind).toBe(true)
  const byRows = ready()
  byRows.push(large)
  expect(byRows.isBehind).toBe(false)
  byRows.push(large)
  expect(byRows.isBehind).toBe(true)
  expect(byRows.take()).toBeUndefined()
})

test('a reader that waits is woken by an item and by its signal', async () => {
  const feed = ready()
  const { signal } = new AbortController()
  const waiting = feed.ready(signal)
  feed.push(small)
  await waiting
  const ended = new AbortController()
  feed.take()
  const last = feed.ready(ended.signal)
  ended.abort()
  await last
})
