import { expect, test } from 'vitest'
import { localEngine, taskRow } from '../../../../testing/window/rows'
import type { EngineEvent } from '../../../shared/model'
import { eventRows, matchingEvents, typesOf } from './event-rows'
import { durationMs, matchingTasks } from './task-rows'

const event = (change: Partial<EngineEvent> = {}): EngineEvent => ({
  engine: localEngine,
  atMs: 5,
  type: 'container',
  action: 'die',
  id: 'abc',
  name: 'web',
  attributes: { exitCode: '137', name: 'web' },
  ...change,
})
const all = { query: '', type: 'all', engine: undefined }

test('a running task takes until now, an ended one took what it took', () => {
  expect(durationMs(taskRow('a'), 99_000)).toBe(2000)
  const { endedAtMs, ...running } = taskRow('a', { state: 'running' })
  expect(endedAtMs).toBe(3000)
  expect(durationMs(running, 4000)).toBe(3000)
  // Core's clock may be ahead of the window's.
  expect(durationMs(running, 500)).toBe(0)
})

test('tasks are found by subject, words and command, within a state', () => {
  const tasks = [taskRow('a'), taskRow('b', { subject: 'db', command: 'docker stop db', state: 'failed' })]
  const find = (change: object) =>
    matchingTasks(tasks, {
      query: '',
      state: 'all',
      engine: undefined,
      wordsOf: () => 'Stop container',
      ...change,
    }).map(({ id }) => id)
  expect(find({ query: 'stop DB' })).toEqual(['b'])
  expect(find({ query: 'container' })).toEqual(['a', 'b'])
  expect(find({ state: 'failed' })).toEqual(['b'])
  expect(find({ engine: 'nas' })).toEqual([])
})

test('equal events of one moment keep keys of their own, and old keys stay when new ones come', () => {
  const rows = eventRows([event(), event()])
  expect(new Set(rows.map(({ key }) => key)).size).toBe(2)
  const later = eventRows([event({ atMs: 6 }), event(), event()])
  expect(later.slice(1).map(({ key }) => key)).toEqual(rows.map(({ key }) => key))
})

test('events are found by their attributes and narrowed by type', () => {
  const events = [event(), event({ type: 'image', name: 'nginx', attributes: {} })]
  expect(matchingEvents(events, { ...all, query: 'exitcode=137' })).toEqual([events[0]])
  expect(matchingEvents(events, { ...all, type: 'image' })).toEqual([events[1]])
  expect(typesOf(events)).toEqual(['container', 'image'])
})
