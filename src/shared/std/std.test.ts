import { expect, test } from 'vitest'
import { backoffMs } from './backoff'
import { Emitter } from './emitter'
import { Ring } from './ring'

test('the same listener subscribed twice is undone one at a time', () => {
  const heard: number[] = []
  const emitter = new Emitter<number>()
  const listener = (n: number): void => void heard.push(n)
  const undo = emitter.on(listener)
  emitter.on(listener)
  undo()
  emitter.emit(7)
  expect(heard).toEqual([7])
  expect(emitter.size).toBe(1)
})

test('backoff doubles up to its limit and never exceeds it', () => {
  const range = { minMs: 100, maxMs: 1000 }
  expect([0, 1, 2, 3, 4, 400].map((n) => backoffMs(n, range, () => 0))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ])
  expect(backoffMs(3, range, () => 1)).toBe(640)
})

test('a ring keeps the newest items within its capacity and counts what it forgot', () => {
  const ring = new Ring<string>(10, (text) => text.length)
  for (let i = 0; i < 5000; i++) ring.push(String(i % 10))
  expect(ring.length).toBe(10)
  expect(ring.dropped).toBe(4990)
  expect(ring.at(0)).toBe('0')
  expect(ring.toArray().join('')).toBe('0123456789')
})

test('one item larger than the whole ring is still kept', () => {
  const ring = new Ring<string>(3, (text) => text.length)
  ring.push('ab')
  ring.push('abcdef')
  expect(ring.toArray()).toEqual(['abcdef'])
})
