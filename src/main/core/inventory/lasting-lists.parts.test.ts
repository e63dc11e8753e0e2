/** Lists that an engine does not give at once, as with a volume plugin that hangs or thousands of images. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { startFaultProxy, type FaultProxy, type Plan } from '../../../../testing/fault-proxy/fault-proxy'
import { kinds, type EngineId, type InventoryItem } from '../../../shared/model'
import { dialUnix } from '../engine/dial'
import { run } from '../platform/child'
import { timeLimit } from '../platform/time-limit'
import { pause, waitFor } from '../platform/wait-for'
import { Inventory } from './inventory'
import { rowSources } from './row-source'

const id = 'test' as EngineId
const until = (check: () => boolean, what: string): Promise<unknown> =>
  waitFor(check, { timeoutMs: 40_000, what, everyMs: 10 })

/** An inventory that begins to connect over a proxy with that plan. */
async function connecting(plan: Plan = () => undefined): Promise<{ own: FaultProxy; of: Inventory }> {
  const dir = mkdtempSync('/tmp/slipway-lasting-')
  const socketPath = join(dir, 's')
  const own = await startFaultProxy(inject('engineSocket'), socketPath)
  own.plan(plan)
  const of = new Inventory()
  onTestFinished(async () => {
    of.close()
    await own.close()
    rmSync(dir, { recursive: true })
  })
  const address = `unix://${socketPath}`
  const dial = dialUnix(socketPath)
  of.add({ id, name: 'T', origin: 'added', address, isOurs: false, dial, socketPath })
  return { own, of }
}

/** What a window is told, from now on. */
function toldBy(of: Inventory): InventoryItem[] {
  const reader = new AbortController()
  onTestFinished(() => reader.abort())
  const told: InventoryItem[] = []
  void (async () => {
    for await (const item of of.watch(reader.signal)) told.push(item)
  })()
  return told
}

test('a list that lasts holds the engine not back, and its rows come when they come', async () => {
  const { of } = await connecting(({ path }) => {
    if (path.startsWith('/volumes')) return { stall: true }
    return path.startsWith('/images/json') ? { delayMs: 6_000 } : undefined
  })
  await until(() => of.engines[0]?.state.kind === 'running', 'running')
  expect(of.rows(id, 'networks').length).toBeGreaterThan(0)
  expect(of.rows(id, 'images')).toEqual([])
  expect(of.engines[0]?.missing).toEqual({ images: { kind: 'awaited' }, volumes: { kind: 'awaited' } })
  await until(() => of.rows(id, 'images').length > 0, 'the images')
  expect(of.engines[0]).toMatchObject({
    state: { kind: 'running' },
    missing: { volumes: { kind: 'awaited' } },
  })
  expect(of.engines[0]?.missing).not.toHaveProperty('images')
})

test('a list that the engine refuses is told with its reason until it is given', async () => {
  let isBroken = true
  const { of } = await connecting(({ path }) =>
    isBroken && path.startsWith('/volumes')
      ? { answer: { status: 500, body: '{"message":"a plugin is gone"}' } }
      : undefined,
  )
  const told = toldBy(of)
  await until(() => of.engines[0]?.state.kind === 'running', 'running')
  expect(of.engines[0]?.missing).toMatchObject({
    volumes: { kind: 'refused', error: { code: 'engine.failed', facts: { detail: 'a plugin is gone' } } },
  })
  // What would be wrong without a row of them is not done.
  expect(() => of.wholeRows(id, 'volumes')).toThrow('a plugin is gone')
  expect(of.wholeRows(id, 'images')).toEqual(of.rows(id, 'images'))
  isBroken = false
  await until(() => of.engines[0]?.missing === undefined, 'the volumes')
  expect(of.wholeRows(id, 'volumes')).toEqual(of.rows(id, 'volumes'))
  await until(() => {
    const engines = told.flatMap((item) => (item.kind === 'engines' ? item.engines.slice(0, 1) : []))
    return engines.length > 1 && engines.at(-1)?.missing === undefined
  }, 'that they came')
})

test('a window has the rows before it hears that they are here', async () => {
  const { of } = await connecting(({ path }) =>
    path.startsWith('/images/json') ? { delayMs: 4_000 } : undefined,
  )
  const told = toldBy(of)
  const isTold = (item: InventoryItem): boolean =>
    item.kind === 'engines' && item.engines[0]?.missing === undefined
  await until(() => of.engines[0]?.missing !== undefined, 'running')
  const from = told.length
  await until(() => told.slice(from).some(isTold), 'the word')
  const rowsAt = told.findIndex(
    (item) => item.kind === 'slices' && item.slices.some(({ kind }) => kind === 'images'),
  )
  expect(rowsAt).toBeGreaterThanOrEqual(0)
  expect(rowsAt).toBeLessThan(from + told.slice(from).findIndex(isTold))
})

test('lists that come anew at once, and an object that cannot be read, are told as nothing missing', async () => {
  const { own, of } = await connecting()
  await until(() => of.engines[0]?.state.kind === 'running', 'running')
  const told = toldBy(of)
  let refused = 0
  own.plan(({ path }) => {
    const isOne = path.startsWith('/containers/json') && path.includes('filters')
    return isOne && refused++ === 0 ? { answer: { status: 500, body: '{"message":"busy"}' } } : undefined
  })
  const lists = (): number =>
    own.requests.filter(({ path }) => path.startsWith('/containers/json') && !path.includes('filters')).length
  const before = lists()
  of.read({ engine: id, id: 'f'.repeat(64) }, 'containers')
  await until(() => refused > 0 && lists() > before, 'the list after the refusal')
  // A session that has lived for a while is joined anew without a word.
  await pause(1_200)
  own.cut()
  await until(() => lists() > before + 1, 'the lists of the next session')
  await until(() => of.engines[0]?.state.kind === 'running', 'running again')
  expect(told.filter((item) => 'engines' in item && item.engines[0]?.missing !== undefined)).toEqual([])
})

test('a list whose road broke behind the state `running` is asked for again', async () => {
  let asked = 0
  const { of } = await connecting(({ path }) =>
    path.startsWith('/images/json') && asked++ === 0 ? { delayMs: 3_000, cutAfterBytes: 1 } : undefined,
  )
  await until(() => of.engines[0]?.state.kind === 'running', 'running')
  const since = of.engines[0]?.state.sinceMs
  expect(of.rows(id, 'images')).toEqual([])
  await until(() => of.rows(id, 'images').length > 0, 'the images')
  expect(asked).toBe(2)
  expect(of.engines[0]?.state.sinceMs).toBe(since)
})

test('no list waits for stops, however many are under way', async () => {
  const { own, of } = await connecting()
  await until(() => of.engines[0]?.state.kind === 'running', 'running')
  own.plan(({ path }) => (path.includes('/stop') ? { stall: true } : undefined))
  const client = of.engineOf(id)
  const stop = { method: 'POST', path: '/containers/x/stop', timeoutMs: 60_000 } as const
  const stops = Array.from({ length: 50 }, () => client.json(stop).catch(() => undefined))
  await until(() => own.requests.filter(({ path }) => path.includes('/stop')).length === 50, 'the stops')
  const limit = timeLimit(undefined, 10_000)
  for (const kind of kinds) expect(await rowSources[kind].list(client, limit)).toBeInstanceOf(Array)
  of.remove(id)
  await Promise.all(stops)
})

test('a list that is refused again and again is asked for at once when somebody wants it now', async () => {
  let asked = 0
  let isRefused = true
  const { of } = await connecting(({ path }) => {
    if (!path.startsWith('/images/json')) return undefined
    asked++
    return isRefused ? { answer: { status: 500, body: '{"message":"broken"}' } } : undefined
  })
  const again = (): boolean => {
    of.retry()
    return asked > before
  }
  // By itself the tenth would come after minutes.
  let before = 0
  for (; before < 10; before = asked) await until(again, 'another refusal')
  isRefused = false
  await until(again, 'an answer')
  await until(() => of.engines[0]?.missing === undefined, 'the list')
})

test('a session that ends while a refused list is asked for again holds back nothing of the next one', async () => {
  let mode: 'refuse' | 'stall' | 'give' = 'refuse'
  let asked = 0
  const { of } = await connecting(({ path }) => {
    if (!/^\/volumes(\?|$)/.test(path)) return undefined
    asked++
    if (mode === 'refuse') return { answer: { status: 500, body: '{"message":"broken"}' } }
    return mode === 'stall' ? { stall: true } : undefined
  })
  const again = (): boolean => {
    of.retry()
    return asked > before
  }
  // After so many the pause before the next is half a minute.
  let before = 0
  for (; before < 8; before = asked) await until(again, 'another refusal')
  mode = 'stall'
  await until(again, 'one that is not answered')
  mode = 'give'
  // As when its machine is restarted: the session ends, and the request with it.
  of.setState(id, { kind: 'starting', stage: 'dockerd', sinceMs: 0 })
  of.setState(id, undefined)
  const isWhole = (): boolean =>
    of.engines[0]?.state.kind === 'running' && of.engines[0].missing === undefined
  await until(isWhole, 'all lists')
  const volume = `slt-after-${process.pid}`
  const docker = (...args: string[]) => run('docker', ['--host', `unix://${inject('engineSocket')}`, ...args])
  await docker('volume', 'create', volume)
  onTestFinished(() => docker('volume', 'rm', volume).then(() => undefined))
  await waitFor(() => of.rows(id, 'volumes').some((row) => row.id === volume), {
    timeoutMs: 15_000,
    what: 'the volume that was made after',
  })
})
