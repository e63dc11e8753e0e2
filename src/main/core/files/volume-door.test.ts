import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EngineId } from '../../../shared/model'
import type { EngineClient, JsonRequest } from '../engine/engine'
import { VolumeDoors } from './volume-door'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** One engine, and clients of it: each reconnect makes another. */
class Helpers {
  readonly standing = new Set<string>()
  readonly events: string[] = []
  readonly asked: unknown[] = []
  made = 0

  client(): EngineClient {
    const json = (request: JsonRequest): Promise<unknown> => Promise.resolve(this.#answer(request))
    return { id: 'local' as EngineId, json } as unknown as EngineClient
  }

  #answer({ method, path, query }: JsonRequest): unknown {
    if (path === '/containers/json') {
      this.asked.push(query?.['filters'])
      return [...this.standing].map((Id) => ({ Id }))
    }
    if (method === 'POST') {
      const Id = `helper-${++this.made}`
      this.standing.add(Id)
      this.events.push(`+${Id}`)
      return { Id }
    }
    const id = path.replace('/containers/', '')
    if (this.standing.delete(id)) this.events.push(`-${id}`)
    return undefined
  }
}

const nothing = (): Promise<void> => Promise.resolve()

// Each helper that is made goes: a person would find it in no list of the app.
test('a door of a client that was replaced goes before the new one comes', async () => {
  const engine = new Helpers()
  const doors = new VolumeDoors('me')
  await doors.use(engine.client(), 'data', nothing)
  await doors.hold(engine.client(), 'data')
  expect(engine.events).toEqual(['+helper-1', '-helper-1', '+helper-2'])
  await doors.close()
  expect(engine.events.slice(3)).toEqual(['-helper-2'])
})

test('the clock of an old door does not close the new one', async () => {
  const engine = new Helpers()
  const doors = new VolumeDoors('me')
  await doors.use(engine.client(), 'data', nothing)
  const { release } = await doors.hold(engine.client(), 'data')
  await vi.advanceTimersByTimeAsync(60_000)
  expect([...engine.standing]).toEqual(['helper-2'])
  release()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(engine.standing.size).toBe(0)
})

test('who used an old door does not let go of the new one', async () => {
  const engine = new Helpers()
  const doors = new VolumeDoors('me')
  const old = await doors.hold(engine.client(), 'data')
  const next = await doors.hold(engine.client(), 'data')
  old.release()
  await vi.advanceTimersByTimeAsync(60_000)
  expect([...engine.standing]).toEqual(['helper-2'])
  next.release()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(engine.standing.size).toBe(0)
})

test('one client opens one door for all, and it stays for a while', async () => {
  const engine = new Helpers()
  const doors = new VolumeDoors('me')
  const client = engine.client()
  await Promise.all([doors.use(client, 'data', nothing), doors.use(client, 'data', nothing)])
  await vi.advanceTimersByTimeAsync(20_000)
  await doors.use(client, 'data', nothing)
  await vi.advanceTimersByTimeAsync(20_000)
  expect(engine.events).toEqual(['+helper-1'])
  await doors.close()
  expect(vi.getTimerCount()).toBe(0)
  expect(engine.standing.size).toBe(0)
})

test('a door at which nobody is goes when its volume is to be removed', async () => {
  const engine = new Helpers()
  const client = engine.client()
  const doors = new VolumeDoors('me')
  const held = await doors.hold(client, 'data')
  await doors.letGo(client.id, 'data')
  await doors.letGo(client.id, 'other')
  expect(engine.events).toEqual(['+helper-1'])
  held.release()
  await doors.letGo(client.id, 'data')
  expect(engine.events).toEqual(['+helper-1', '-helper-1'])
  expect(vi.getTimerCount()).toBe(0)
})

test('what a core that died left goes once, before a door opens, and again only after a failure', async () => {
  const engine = new Helpers()
  engine.standing.add('left')
  const doors = new VolumeDoors('me')
  const client = engine.client()
  doors.engineUp(client)
  await doors.use(client, 'data', nothing)
  doors.engineUp(engine.client())
  await vi.advanceTimersByTimeAsync(0)
  expect(engine.events).toEqual(['-left', '+helper-1'])
  expect(engine.asked).toEqual([{ label: ['io.slipway.helper=files', 'io.slipway.owner=me'] }])
  await doors.close()

  const next = new VolumeDoors('me')
  next.engineUp({ ...client, json: () => Promise.reject(new Error('gone')) })
  await vi.advanceTimersByTimeAsync(0)
  engine.standing.add('left')
  next.engineUp(client)
  await vi.advanceTimersByTimeAsync(0)
  expect(engine.events.slice(3)).toEqual(['-left'])
})
