import { expect, test } from 'vitest'
import type { LogBatch } from '../../../shared/model'
import { LogRing } from './log-ring'

const batch = (lines: readonly string[], more: Partial<LogBatch> = {}): LogBatch => ({
  sources: 'o'.repeat(lines.length),
  lines,
  times: [],
  ...more,
})

test('lines keep their number while older ones are dropped', () => {
  const ring = new LogRing(1000)
  for (let i = 0; i < 100; i++) ring.append(batch([`line ${i}`]))
  expect(ring.bytes).toBeLessThanOrEqual(1000)
  expect(ring.end).toBe(100)
  expect(ring.dropped).toBe(ring.first)
  expect(ring.line(99)?.text).toBe('line 99')
  expect(ring.line(ring.first)?.text).toBe(`line ${ring.first}`)
  expect(ring.line(ring.first - 1)).toBeUndefined()
  expect(ring.line(100)).toBeUndefined()
})

test('the newest line stays, however long it is', () => {
  const ring = new LogRing(100)
  ring.append(batch(['a', 'x'.repeat(5000)]))
  expect(ring.length).toBe(1)
  expect(ring.line(1)?.text.length).toBe(5000)
})

test('sources, times and cuts belong to their lines', () => {
  const ring = new LogRing(10_000)
  ring.append(batch(['first']))
  ring.append({ sources: 'eo', lines: ['b', 'c'], times: ['t1', 't2'], cut: [{ index: 1, bytes: 99 }] })
  expect(ring.line(1)).toEqual({ seq: 1, text: 'b', time: 't1', source: 'stderr' })
  expect(ring.line(2)).toEqual({ seq: 2, text: 'c', time: 't2', source: 'stdout', fullBytes: 99 })
})

test('marks stand between lines and are not counted as dropped lines', () => {
  const ring = new LogRing(200)
  ring.mark({ kind: 'resumed' })
  expect(ring.line(0)?.mark).toEqual({ kind: 'resumed' })
  for (let i = 0; i < 10; i++) ring.append(batch(['x'.repeat(50)]))
  expect(ring.dropped).toBe(ring.first - 1)
})

test('clearing forgets lines and goes on counting', () => {
  const ring = new LogRing(10_000)
  ring.append(batch(['a', 'b']))
  ring.clear()
  expect([ring.length, ring.first, ring.bytes]).toEqual([0, 2, 0])
  ring.append(batch(['c']))
  expect(ring.line(2)?.text).toBe('c')
})

test('a long flood stays within its bytes and compacts', () => {
  const ring = new LogRing(1024 * 1024)
  const lines = Array.from({ length: 1000 }, (_, i) => `line ${i} ${'x'.repeat(100)}`)
  for (let i = 0; i < 200; i++) ring.append(batch(lines))
  expect(ring.end).toBe(200_000)
  expect(ring.bytes).toBeLessThanOrEqual(1024 * 1024)
  expect(ring.line(199_999)?.text).toBe(lines[999])
})
