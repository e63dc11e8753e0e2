import { expect, test } from 'vitest'
import { judge, median, percentile, ticksToSeconds } from './measure'

test('a median of an even number of values lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([5, 1, 3])).toBe(3)
  expect(percentile([1, 2, 3, 4, 100], 0.95)).toBe(100)
})

test('a goal of at most compares ours to the peer, of at least the peer to ours', () => {
  const all = [{ peer: 100, ours: 50 }]
  expect(judge({ row: 'a', unit: 'ms' }, all, { atMost: 0.6 })).toMatchObject({ ratio: 0.5, holds: true })
  expect(judge({ row: 'a', unit: 'ms' }, all, { atLeast: 2.4 })).toMatchObject({ ratio: 2, holds: false })
  expect(judge({ row: 'a', unit: 'MB/s', isRate: true }, all, { atLeast: 0.4 })).toMatchObject({
    ratio: 0.5,
    holds: true,
  })
})

test('a process whose name holds brackets is still counted right', () => {
  expect(ticksToSeconds('12 (a) (b) S 1 1 1 0 -1 4 0 0 0 0 150 50 0 0 20 0 1 0')).toBe(2)
})
