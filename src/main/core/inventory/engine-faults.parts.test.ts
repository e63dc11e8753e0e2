/** What an engine of its own must go through: the shared one of this run cannot be killed or frozen. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { busyboxImage, testImage } from '../../../../testing/engine/images'
import { startTestEngine, type TestEngine } from '../../../../testing/engine/start-engine'
import { FakeEngine, fakeContainer, fakeEvent } from '../../../../testing/fake-engine/fake-engine'
import type { Engine, EngineId, InventoryItem } from '../../../shared/model'
import { dialUnix } from '../engine/dial'
import { waitFor } from '../platform/wait-for'
import { Inventory } from './inventory'

const id = 'test' as EngineId
const dir = mkdtempSync('/tmp/slipway-faults-')
let engine: TestEngine
let inventory: Inventory

const state = (of = inventory): Engine['state'] => (of.engines[0] as Engine).state
const until = (check: () => boolean, what: string): Promise<unknown> =>
  waitFor(check, { timeoutMs: 60_000, what, everyMs: 10 })

function add(to: Inventory, socketPath: string): void {
  const address = `unix://${socketPath}`
  to.add({ id, name: 'T', origin: 'added', address, isOurs: false, dial: dialUnix(socketPath), socketPath })
}

/** Reads the feed until the test ends: only what is watched gets beats. */
function watch(of: Inventory, onItem: (item: InventoryItem) => void = () => undefined): void {
  const ended = new AbortController()
  onTestFinished(() => ended.abort())
  void (async () => {
    for await (const item of of.watch(ended.signal)) onItem(item)
  })()
}

beforeAll(async () => {
  engine = await startTestEngine({ network: 'none' })
  await testImage(engine.socket)
  inventory = new Inventory()
  add(inventory, engine.socket)
  await until(() => state().kind === 'running', 'the engine')
}, 120_000)
afterAll(async () => {
  inventory.close()
  await engine.stop()
  rmSync(dir, { recursive: true })
})

test(
  'a killed engine is lost, and its rows are true again after it restarts',
  { timeout: 180_000 },
  async () => {
    watch(inventory)
    const away: EngineId[] = []
    onTestFinished(inventory.onAway((one) => away.push(one)))
    const body = { Image: busyboxImage, Cmd: ['sleep', '1000'], HostConfig: { NetworkMode: 'none' } }
    const create = { method: 'POST', path: '/containers/create', query: { name: 'killed' }, body } as const
    const { Id } = await inventory.engineOf(id).json<{ Id: string }>(create)
    await inventory.engineOf(id).json({ method: 'POST', path: `/containers/${Id}/start` })
    const row = (): { state: string } | undefined => inventory.rows(id, 'containers')[0]
    await until(() => row()?.state === 'running', 'running')
    await engine.kill9()
    // A slow answer may have been told before.
    const lostBy = (now: Engine['state']): string | undefined =>
      now.kind === 'lost' ? now.error.code : undefined
    await until(() => lostBy(state()) === 'engine.unreachable', 'lost')
    expect(row()).toBeDefined()
    expect(away).toContain(id)
    await engine.restart()
    await until(() => state().kind === 'running', 'running again')
    expect(row()?.state).toBe('exited')
  },
)

test('a frozen engine is not responding, and comes back by itself', { timeout: 120_000 }, async () => {
  watch(inventory)
  await until(() => state().kind === 'running', 'running')
  const away: EngineId[] = []
  onTestFinished(inventory.onAway((one) => away.push(one)))
  engine.sigstop()
  onTestFinished(() => engine.sigcont())
  await until(() => state().kind === 'lost', 'lost')
  expect(state()).toMatchObject({ error: { code: 'engine.not-responding' } })
  engine.sigcont()
  await until(() => state().kind === 'running', 'running')
  expect(away).toEqual([])
})

async function fakeWith(containers: number): Promise<{ fake: FakeEngine; of: Inventory }> {
  const fake = new FakeEngine(join(dir, `fake-${containers}`))
  fake.holdings.containers = Array.from({ length: containers }, (_, i) => fakeContainer(i))
  await fake.start()
  const of = new Inventory()
  onTestFinished(async () => {
    of.close()
    await fake.stop()
  })
  add(of, fake.socketPath)
  await until(() => state(of).kind === 'running', 'the fake')
  return { fake, of }
}

test('10,000 containers are listed whole, and an event among them reads one', async () => {
  const { fake, of } = await fakeWith(10_000)
  expect(of.rows(id, 'containers')).toHaveLength(10_000)
  const before = fake.requests.length
  const changed = fakeContainer(77, { State: 'exited', Status: 'Exited (3) 1 second ago' })
  fake.holdings.containers[77] = changed
  fake.emit(fakeEvent(String(changed['Id']), 'die'))
  await until(() => of.rows(id, 'containers')[77]?.exitCode === 3, 'the row')
  const asked = fake.requests.slice(before).filter((text) => text.includes('/containers/json'))
  expect(asked).toHaveLength(1)
  expect(asked[0]).toContain('filters')
})

test('5,000 events while every reader is frozen are all read, and the reader has little to catch up', async () => {
  const { fake, of } = await fakeWith(1_000)
  const ended = new AbortController()
  onTestFinished(() => ended.abort())
  const frozen = of.watch(ended.signal)
  expect((await frozen.next()).value).toMatchObject({ kind: 'snapshot' })
  let heard = 0
  of.onEvent(() => heard++)
  for (let i = 0; i < 5_000; i++) {
    const index = i % 1_000
    const status = `Exited (${i % 250}) 1 second ago`
    fake.holdings.containers[index] = fakeContainer(index, { State: 'exited', Status: status })
    fake.emit(fakeEvent(String(fakeContainer(index)['Id']), 'die'))
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => heard === 5_000, 'all events')
  expect(fake.unreadBytes).toBe(0)
  const truth = fake.holdings.containers.map((row) => String(row['Status']))
  const told = (): string[] => of.rows(id, 'containers').map((row) => row.status)
  await until(() => told().join() === truth.join(), 'the rows to be true')
  const seen = new Map<string, string>()
  for (let items = 0; [...seen.values()].sort().join() !== truth.toSorted().join(); items++) {
    follow(seen, (await frozen.next()).value as InventoryItem)
    expect(items).toBeLessThan(70)
  }
})

/** What a window would know of the containers' status. */
function follow(seen: Map<string, string>, item: InventoryItem): void {
  if (item.kind === 'snapshot') seen.clear()
  if (item.kind === 'deltas') {
    for (const delta of item.deltas) {
      if (delta.kind === 'containers') for (const row of delta.put) seen.set(row.id, row.status)
      for (const gone of delta.drop) seen.delete(gone)
    }
  } else if (item.kind !== 'engines') {
    for (const slice of item.slices) {
      if (slice.kind === 'containers') for (const row of slice.rows) seen.set(row.id, row.status)
    }
  }
}

test('a container that is gone while its row is being read does not come back', async () => {
  const { fake, of } = await fakeWith(3)
  const gone = String(fake.holdings.containers[1]?.['Id'])
  fake.emit(fakeEvent(gone, 'kill'), fakeEvent(gone, 'destroy'))
  await until(() => of.rows(id, 'containers').length === 2, 'it to go')
  fake.emit(fakeEvent(String(fake.holdings.containers[0]?.['Id']), 'update'))
  await until(() => fake.requests.filter((text) => text.includes('filters')).length > 0, 'another read')
  expect(of.rows(id, 'containers').some((row) => row.id === gone)).toBe(false)
})

test('hostile names and labels arrive as text', async () => {
  const { fake, of } = await fakeWith(2)
  const hostile = '<img src=x onerror=alert(1)>\u202e'
  const labels = JSON.parse(
    `{"__proto__": "p", "constructor": "c", "long": "${'x'.repeat(100_000)}"}`,
  ) as object
  fake.holdings.containers[0] = fakeContainer(0, { Names: [`/${hostile}`], Labels: labels })
  fake.emit(fakeEvent(String(fakeContainer(0)['Id']), 'update', labels as Record<string, string>))
  await until(() => of.rows(id, 'containers')[0]?.name === hostile, 'the row')
  const row = of.rows(id, 'containers')[0]
  expect(Object.keys(row?.labels ?? {})).toEqual(['__proto__', 'constructor', 'long'])
  expect(row?.project).toBeUndefined()
})
