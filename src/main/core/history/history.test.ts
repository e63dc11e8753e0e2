import { expect, onTestFinished, test, vi } from 'vitest'
import type { Handlers } from '../../../shared/contract'
import { AppError, type ErrorCode } from '../../../shared/errors'
import type { ActivityItem, EngineEvent, EngineId, Task, TaskId } from '../../../shared/model'
import { Activity } from './activity'
import { DeathWatch } from './death-watch'
import { recordActions } from './record-actions'
import { RunningTask } from './running-task'

const engine = 'local' as EngineId
const spec = { kind: 'images.pull', engine, subject: 'x', command: 'docker pull x', canCancel: true }
const names = { nameOf: () => 'web', hostOf: () => undefined }

async function tasksOf(activity: Activity): Promise<readonly Task[]> {
  for await (const item of activity.watch(new AbortController().signal))
    if (item.kind === 'all') return item.tasks
  return []
}
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

test('a task ends done with its result, failed with its error, or cancelled', async () => {
  const activity = new Activity()
  await activity.run(spec, () => Promise.resolve({ id: 'a', warnings: [] }))
  const failing = activity.run(spec, () => Promise.reject(new AppError('port.in-use', 'taken')))
  await expect(failing).rejects.toThrow('taken')
  const running = activity.run(spec, ({ signal }) => untilAborted(signal))
  activity.cancel((await tasksOf(activity)).at(-1)?.id as TaskId)
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  const tasks = await tasksOf(activity)
  expect(tasks.map((t) => t.state)).toEqual(['done', 'failed', 'cancelled'])
  expect(tasks[0]?.result).toEqual({ id: 'a' })
  expect(tasks[1]?.error?.code).toBe('port.in-use')
})

test('tasks of an engine that is lost are interrupted at once; others and its own start are not', async () => {
  const activity = new Activity()
  const end = new AbortController()
  const lost = activity.run(spec, ({ signal }) => untilAborted(signal))
  const other = { ...spec, engine: 'far' as EngineId }
  void activity.run(other, ({ signal }) => untilAborted(signal), end.signal).catch(() => undefined)
  const own = { ...spec, kind: 'engines.restart' }
  void activity.run(own, ({ signal }) => untilAborted(signal), end.signal).catch(() => undefined)
  activity.engineLost(engine)
  await expect(lost).rejects.toMatchObject({ code: 'engine.unreachable' })
  expect((await tasksOf(activity)).map((t) => t.state)).toEqual(['interrupted', 'running', 'running'])
  end.abort()
})

test('what a lost tunnel broke off in its midst was interrupted, and did not fail', async () => {
  const activity = new Activity()
  const broken = (code: ErrorCode) =>
    activity
      .run(spec, ({ progress }) => {
        progress({ doneBytes: 5 })
        return Promise.reject(new AppError(code, 'broken'))
      })
      .catch(() => undefined)
  await broken('tunnel.lost')
  await broken('engine.failed')
  expect((await tasksOf(activity)).map((t) => t.state)).toEqual(['interrupted', 'failed'])
})

test('the list is bounded and what runs is never forgotten', async () => {
  const activity = new Activity()
  const end = new AbortController()
  void activity.run(spec, ({ signal }) => untilAborted(signal), end.signal).catch(() => undefined)
  for (let n = 0; n < 600; n++) await activity.run(spec, () => Promise.resolve(null))
  const tasks = await tasksOf(activity)
  expect(tasks).toHaveLength(500)
  expect(tasks[0]?.state).toBe('running')
  activity.clear()
  expect(await tasksOf(activity)).toHaveLength(1)
  end.abort()
})

test('a reader that is slow gets the newest state of each task, once', async () => {
  const activity = new Activity()
  const stop = new AbortController()
  const items = activity.watch(stop.signal)
  await items.next()
  await activity.run(spec, ({ progress }) => {
    for (let n = 1; n <= 1000; n++) progress({ doneBytes: n, totalBytes: 1000 })
    return Promise.resolve(null)
  })
  const item = (await items.next()).value as ActivityItem
  expect(item).toMatchObject({ kind: 'task', task: { state: 'done', doneBytes: 1000 } })
  activity.addEvents(Array.from({ length: 6000 }, (_, n) => eventOf('start', n)))
  const all = (await items.next()).value as ActivityItem
  expect(all.kind === 'all' && all.events.length).toBe(5000)
  stop.abort()
  expect((await items.next()).done).toBe(true)
})

test('steps wait for each other, an end does not wait for them', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const activity = new Activity()
  const items = activity.watch(new AbortController().signal)
  await items.next()
  let end = (): void => undefined
  let told: ActivityItem | undefined
  const next = (): void => void items.next().then(({ value }) => (told = value as ActivityItem))
  const work = activity.run(spec, async ({ progress }) => {
    progress({ doneBytes: 1, totalBytes: 2 })
    await new Promise<void>((resolve) => (end = resolve))
    return null
  })
  next()
  await vi.advanceTimersByTimeAsync(99)
  expect(told).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  expect(told).toMatchObject({ task: { state: 'running', doneBytes: 1 } })
  next()
  end()
  await work
  await vi.advanceTimersByTimeAsync(10)
  expect(told).toMatchObject({ task: { state: 'done' } })
})

test('a rate follows the bytes and goes when the task ends', () => {
  let now = 0
  const task = new RunningTask('t' as TaskId, spec, () => now)
  task.progress({ doneBytes: 0, totalBytes: 10_000 })
  now = 1000
  task.progress({ doneBytes: 2000 })
  expect(task.task.bytesPerSecond).toBe(2000)
  now = 2000
  task.progress({ doneBytes: 2000 })
  expect(task.task.bytesPerSecond).toBe(1200)
  task.end('done')
  expect(task.task.bytesPerSecond).toBeUndefined()
  expect(task.end('failed')).toBe(false)
})

test('an action becomes a task with its command; a question does not', async () => {
  const activity = new Activity()
  const handlers = recordActions(
    {
      'containers.stop': () => null,
      'containers.top': () => ({ titles: [], rows: [] }),
    } satisfies Partial<Handlers>,
    activity,
    names,
  )
  const { signal } = new AbortController()
  const ref = { engine, id: 'abc' }
  await (handlers as Partial<Handlers>)['containers.stop']?.(ref, signal)
  await (handlers as Partial<Handlers>)['containers.top']?.(ref, signal)
  const tasks = await tasksOf(activity)
  expect(tasks.map((t) => [t.kind, t.subject, t.command])).toEqual([
    ['containers.stop', 'web', 'docker stop web'],
  ])
})

const eventOf = (action: string, atMs: number, attributes = {}): EngineEvent => ({
  ...{ engine, atMs, type: 'container', action, id: 'c', name: 'web', attributes },
})

test('an end by itself with an error is told, once a minute', () => {
  const watch = new DeathWatch()
  const died = { exitCode: '3' }
  expect(watch.onEvent(eventOf('die', 0, died))).toMatchObject({
    kind: 'container-died',
    facts: { exitCode: 3 },
  })
  expect(watch.onEvent(eventOf('die', 5000, died))).toBeUndefined()
  expect(watch.onEvent(eventOf('die', 70_000, died))).toBeDefined()
})

test('a clean end, and an end that somebody asked for, are not told', () => {
  const watch = new DeathWatch()
  expect(watch.onEvent(eventOf('die', 0, { exitCode: '0' }))).toBeUndefined()
  watch.onEvent(eventOf('kill', 0, { signal: '15' }))
  expect(watch.onEvent(eventOf('die', 10_000, { exitCode: '137' }))).toBeUndefined()
})

test('a start forgets an old kill; an out-of-memory end says so', () => {
  const watch = new DeathWatch()
  watch.onEvent(eventOf('kill', 0))
  watch.onEvent(eventOf('start', 1000))
  watch.onEvent(eventOf('oom', 2000))
  expect(watch.onEvent(eventOf('die', 2001, { exitCode: '137' }))?.facts).toEqual({
    exitCode: 137,
    outOfMemory: true,
  })
  expect(watch.onEvent(eventOf('health_status: unhealthy', 3000))?.kind).toBe('container-unhealthy')
})
