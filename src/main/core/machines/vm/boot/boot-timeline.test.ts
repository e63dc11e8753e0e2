import { expect, test } from 'vitest'
import { AppError } from '../../../../../shared/errors'
import type { BootRecord } from '../../../../../shared/model'
import { BootTimeline } from './boot-timeline'

function timelineAt(): {
  timeline: BootTimeline
  at: (ms: number) => void
  last: () => BootRecord | undefined
} {
  let nowMs = 1_000_000
  let last: BootRecord | undefined
  const timeline = new BootTimeline({
    way: 'cold',
    clock: () => nowMs,
    onChanged: (record) => (last = record),
  })
  return { timeline, at: (ms) => (nowMs = 1_000_000 + ms), last: () => last }
}

test('stages follow each other; the one that failed stays open and is named', () => {
  const { timeline, at, last } = timelineAt()
  timeline.begin('image')
  at(10)
  timeline.begin('kernel')
  at(30)
  timeline.fail(new AppError('machine.boot-timeout', 'late'), new AbortController().signal)
  expect(timeline.stage).toBe('kernel')
  expect(last()).toMatchObject({ outcome: 'failed', error: { code: 'machine.boot-timeout' } })
  expect(last()?.stages).toEqual([
    { name: 'image', startedMs: 0, endedMs: 10, deadlineMs: 3_600_000 },
    { name: 'kernel', startedMs: 10, deadlineMs: 10_000 },
  ])
})

test('Hyper-V has more time to come up, and no other stage', () => {
  const { timeline } = timelineAt()
  const before = timeline.deadlineMs('process')
  timeline.startedBy('qemu')
  expect(timeline.deadlineMs('process')).toBe(before)
  timeline.startedBy('hyperv')
  expect(timeline.deadlineMs('process')).toBe(600_000)
  expect(timeline.deadlineMs('kernel')).toBe(10_000)
})

test('a second try begins its stages anew', () => {
  const { timeline, at } = timelineAt()
  timeline.begin('process')
  timeline.begin('kernel')
  at(500)
  timeline.begin('process')
  timeline.begin('kernel')
  timeline.finish()
  expect(timeline.record.stages.map(({ name, startedMs }) => [name, startedMs])).toEqual([
    ['process', 500],
    ['kernel', 500],
  ])
  expect(timeline.record.outcome).toBe('running')
})

test('what fell over on its way up stands beside the stages of the second try', () => {
  const { timeline, at, last } = timelineAt()
  timeline.begin('image')
  timeline.begin('disk')
  timeline.begin('process')
  at(100)
  timeline.begin('init')
  timeline.tryAgain(new AppError('machine.ended', 'gone', { facts: { detail: 'guest-reset' } }))
  expect(last()?.stages.map(({ name }) => name)).toEqual(['image', 'disk'])
  at(200)
  timeline.begin('process')
  expect(last()).toMatchObject({
    outcome: 'going',
    secondTry: { stage: 'init', error: { code: 'machine.ended', facts: { detail: 'guest-reset' } } },
  })
})

test('the guest has more time where it is emulated, the host has not', () => {
  const { timeline } = timelineAt()
  timeline.emulated(true)
  expect([timeline.deadlineMs('kernel'), timeline.deadlineMs('process')]).toEqual([60_000, 20_000])
})

test('a start that a person ended is cancelled, not failed', () => {
  const { timeline } = timelineAt()
  timeline.fail(new AppError('cancelled', 'enough'), new AbortController().signal)
  expect(timeline.record.outcome).toBe('cancelled')
})
