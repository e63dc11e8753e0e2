import { expect, test } from 'vitest'
import type { BootRecord, BootStageName } from '../../../../shared/model'
import { timelineOf } from './timeline'

type Times = readonly (readonly [name: BootStageName, startedMs: number, endedMs?: number])[]

const boot = (outcome: BootRecord['outcome'], times: Times, way: BootRecord['way'] = 'cold'): BootRecord => ({
  startedAt: 0,
  way,
  outcome,
  stages: times.map(([name, startedMs, endedMs]) => ({
    name,
    startedMs,
    deadlineMs: 60_000,
    ...(endedMs !== undefined && { endedMs }),
  })),
})
const earlier = [100, 300, 200].map((ms) =>
  boot('running', [
    ['process', 0, ms],
    ['kernel', ms, ms + 1000],
    ['engine', ms + 1000, ms + 3000],
  ]),
)

test('a stage stands beside the median of the earlier starts of its way', () => {
  const now = boot('running', [
    ['process', 0, 400],
    ['kernel', 400, 900],
  ])
  const other = boot('running', [['process', 0, 9000]], 'resume')
  const { bars, medianMs, elapsedMs } = timelineOf(now, [...earlier, other], 0)
  expect(bars.map((bar) => [bar.name, bar.state, bar.endMs - bar.startMs, bar.medianMs])).toEqual([
    ['process', 'done', 400, 200],
    ['kernel', 'done', 500, 1000],
  ])
  expect(medianMs).toBe(3200)
  expect(elapsedMs).toBe(900)
})

test('failed and cancelled starts teach nothing about what is usual', () => {
  const failed = boot('failed', [['process', 0, 50_000]])
  expect(timelineOf(boot('running', [['process', 0, 1]]), [failed], 0).bars[0]).not.toHaveProperty('medianMs')
})

test('while it goes on the open stage grows and the rest waits behind it', () => {
  const going = boot('going', [
    ['process', 0, 100],
    ['kernel', 100],
  ])
  const { bars, elapsedMs, spanMs } = timelineOf(going, earlier, 600)
  expect(bars.map((bar) => [bar.name, bar.state, bar.startMs, bar.endMs])).toEqual([
    ['process', 'done', 0, 100],
    ['kernel', 'going', 100, 600],
    // The kernel usually takes a second: the engine is expected after it, not now.
    ['engine', 'waiting', 1100, 3100],
  ])
  expect(elapsedMs).toBe(600)
  expect(spanMs).toBe(3100)
})

test('a stage that is slower than ever pushes what waits, and all stays in the picture', () => {
  const going = boot('going', [['process', 0]])
  const { bars, spanMs } = timelineOf(going, earlier, 20_000)
  expect(bars.map((bar) => bar.startMs)).toEqual([0, 20_000, 21_000])
  expect(spanMs).toBe(23_000)
})

test('the stage that never ended is the one that failed', () => {
  const failed = boot('failed', [
    ['process', 0, 100],
    ['sshd', 100],
  ])
  const { bars } = timelineOf(failed, earlier, 5000)
  expect(bars.map((bar) => bar.state)).toEqual(['done', 'failed'])
  expect(bars[1]).toMatchObject({ startMs: 100, endMs: 5000 })
  expect(timelineOf(failed, earlier, 0).bars[1]?.endMs).toBe(100)
})

test('a start of which nothing is known yet is an empty picture', () => {
  expect(timelineOf(boot('going', []), [], 0)).toEqual({ bars: [], elapsedMs: 0, spanMs: 1 })
})
