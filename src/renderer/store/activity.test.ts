import { expect, test } from 'vitest'
import { taskRow } from '../../../testing/window/rows'
import { applyActivity, type Activity } from './activity'

const empty: Activity = { tasks: [], events: [] }
const event = (atMs: number) => ({
  engine: taskRow('x').engine as never,
  atMs,
  type: 'container',
  action: 'start',
  id: '1',
  name: 'web',
  attributes: {},
})

test('the first item is the whole, newest first', () => {
  const tasks = [taskRow('a', { startedAtMs: 1 }), taskRow('b', { startedAtMs: 2 })]
  const after = applyActivity(
    { tasks: [taskRow('old')], events: [] },
    {
      kind: 'all',
      tasks,
      events: [event(1), event(3)],
    },
  )
  expect(after.tasks.map((task) => task.id)).toEqual(['b', 'a'])
  expect(after.events.map(({ atMs }) => atMs)).toEqual([3, 1])
})

test('a known task changes in its place, a new one stands on top', () => {
  const one = applyActivity(empty, { kind: 'task', task: taskRow('a', { state: 'running' }) })
  const two = applyActivity(one, { kind: 'task', task: taskRow('b') })
  const three = applyActivity(two, { kind: 'task', task: taskRow('a', { state: 'failed' }) })
  expect(three.tasks.map((task) => [task.id, task.state])).toEqual([
    ['b', 'done'],
    ['a', 'failed'],
  ])
})

test('a flood of events keeps the newest two thousand', () => {
  const after = applyActivity(empty, {
    kind: 'events',
    events: Array.from({ length: 5000 }, (_, index) => event(index)),
  })
  expect(after.events).toHaveLength(2000)
  expect(after.events[0]?.atMs).toBe(4999)
})
