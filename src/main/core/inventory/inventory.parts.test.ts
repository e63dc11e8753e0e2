import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { busyboxImage } from '../../../../testing/engine/images'
import { startFaultProxy, type FaultProxy } from '../../../../testing/fault-proxy/fault-proxy'
import type { Container, Engine, EngineId } from '../../../shared/model'
import { freePool } from '../machines/local/address-pool'
import { rangesInUse } from '../machines/local/host-network'
import { waitFor } from '../platform/wait-for'
import { dialUnix } from '../engine/dial'
import type { EngineClient } from '../engine/engine'
import { Inventory } from './inventory'

const id = 'test' as EngineId
const dir = mkdtempSync('/tmp/slipway-inventory-')
let proxy: FaultProxy
let inventory: Inventory

const state = (): Engine['state'] => (inventory.engines[0] as Engine).state
/** Why it is lost. A slow answer may have been told before what a test waits for. */
const lostBy = (): string | undefined => {
  const now = state()
  return now.kind === 'lost' ? now.error.code : undefined
}
const engine = (): EngineClient => inventory.engineOf(id)
const until = (check: () => boolean, what: string): Promise<unknown> =>
  waitFor(check, { timeoutMs: 40_000, what, everyMs: 10 })
const named = (name: string): Container | undefined =>
  inventory.rows(id, 'containers').find((row) => row.name === name)

beforeAll(async () => {
  const socketPath = join(dir, 's')
  proxy = await startFaultProxy(inject('engineSocket'), socketPath)
  inventory = new Inventory()
  inventory.add({
    id,
    name: 'Test',
    origin: 'added',
    address: `unix://${socketPath}`,
    isOurs: false,
    dial: dialUnix(socketPath),
    socketPath,
  })
  await until(() => state().kind === 'running', 'the engine')
})
afterAll(async () => {
  inventory.close()
  await until(() => proxy.openConnections === 0, 'connections to end')
  await proxy.close()
  rmSync(dir, { recursive: true })
})

async function create(name: string, more: object = {}): Promise<string> {
  const body = { Image: busyboxImage, Cmd: ['sleep', '1000'], HostConfig: { NetworkMode: 'none' }, ...more }
  const made = await engine().json<{ Id: string }>({
    method: 'POST',
    path: '/containers/create',
    query: { name },
    body,
  })
  onTestFinished(() =>
    remove(made.Id).then(
      () => undefined,
      () => undefined,
    ),
  )
  return made.Id
}
const remove = (container: string): Promise<unknown> =>
  engine().json({ method: 'DELETE', path: `/containers/${container}`, query: { force: true } })

/** Watches until the test ends: only what is watched gets beats. */
function watch(): void {
  const ended = new AbortController()
  onTestFinished(() => ended.abort())
  void (async () => {
    for await (const item of inventory.watch(ended.signal)) void item
  })()
}

test('a container comes, changes and goes in the rows by its events alone', async () => {
  const before = proxy.requests.length
  const container = await create('inv-life')
  await until(() => named('inv-life')?.state === 'created', 'the new row')
  await engine().json({ method: 'POST', path: `/containers/${container}/start` })
  await until(() => named('inv-life')?.state === 'running', 'running')
  await engine().json({
    method: 'POST',
    path: `/containers/${container}/rename`,
    query: { name: 'inv-renamed' },
  })
  await until(() => named('inv-renamed') !== undefined, 'the new name')
  await engine().json({ method: 'POST', path: `/containers/${container}/kill` })
  await until(() => named('inv-renamed')?.exitCode === 137, 'its end')
  await remove(container)
  await until(() => named('inv-renamed') === undefined, 'it to go')
  const asked = proxy.requests.slice(before).map(({ path }) => path)
  expect(asked.filter((path) => path.startsWith('/containers/json') && !path.includes('filters'))).toEqual([])
  expect(asked.some((path) => path.includes('size='))).toBe(false)
})

test('a tag, its move to another image and its removal are seen', async () => {
  const images = (): readonly { id: string; tags: readonly string[] }[] => inventory.rows(id, 'images')
  const withTag = (tag: string): string[] =>
    images()
      .filter((row) => row.tags.includes(tag))
      .map((row) => row.id)
  const first = withTag(busyboxImage)[0] as string
  const query = { repo: 'inv-tag', tag: 'one' }
  const tag = (image: string): Promise<unknown> =>
    engine().json({ method: 'POST', path: `/images/${image}/tag`, query })
  await tag(first)
  await until(() => withTag('inv-tag:one')[0] === first, 'the tag')
  const second = images().find((row) => row.id !== first)?.id as string
  await tag(second)
  await until(() => withTag('inv-tag:one').join() === second, 'the tag to move')
  await engine().json({ method: 'DELETE', path: '/images/inv-tag:one' })
  await until(() => withTag('inv-tag:one').length === 0, 'the tag to go')
})

test('volumes and networks come and go, and a connected container shows its network', async () => {
  await engine().json({ method: 'POST', path: '/volumes/create', body: { Name: 'inv-vol' } })
  await until(() => inventory.rows(id, 'volumes').some((row) => row.id === 'inv-vol'), 'the volume')
  await engine().json({ method: 'DELETE', path: '/volumes/inv-vol' })
  await until(() => !inventory.rows(id, 'volumes').some((row) => row.id === 'inv-vol'), 'the volume to go')
  // A guess of its own each time, so that runs beside this one do not choose the same.
  const pool = freePool(await rangesInUse(), 1 + Math.floor(Math.random() * 200))
  const body = { Name: 'inv-net', Driver: 'bridge', IPAM: { Config: [{ Subnet: `${pool}.253.0/24` }] } }
  const { Id: network } = await engine().json<{ Id: string }>({
    method: 'POST',
    path: '/networks/create',
    body,
  })
  await until(() => inventory.rows(id, 'networks').some((row) => row.name === 'inv-net'), 'the network')
  const container = await create('inv-member', { HostConfig: { NetworkMode: 'bridge' } })
  await engine().json({ method: 'POST', path: `/containers/${container}/start` })
  const member = { Container: container }
  await engine().json({ method: 'POST', path: `/networks/${network}/connect`, body: member })
  await until(
    () => named('inv-member')?.networks.some(({ name }) => name === 'inv-net') === true,
    'the membership',
  )
  await remove(container)
  await engine().json({ method: 'DELETE', path: `/networks/${network}` })
  await until(
    () => !inventory.rows(id, 'networks').some((row) => row.name === 'inv-net'),
    'the network to go',
  )
})

test('what changed while the engine was away is there after the reconnect', async () => {
  watch()
  const direct = proxy.requests.length
  await create('inv-before')
  await until(() => named('inv-before') !== undefined, 'the row')
  await proxy.refuse()
  await until(() => lostBy() === 'engine.unreachable', 'lost')
  expect(() => inventory.engineOf(id)).toThrow(
    expect.objectContaining({ code: 'engine.unreachable' }) as Error,
  )
  const { plainEngine } = await import('../../../../testing/plain-engine/plain-engine')
  const plain = plainEngine(inject('engineSocket'))
  const body = { Image: busyboxImage, Cmd: ['sleep', '1'], HostConfig: { NetworkMode: 'none' } }
  await plain.json({ method: 'POST', path: '/containers/create', query: { name: 'inv-while-away' }, body })
  await proxy.listen()
  await until(() => state().kind === 'running', 'running again')
  const away = named('inv-while-away')
  expect(away).toBeDefined()
  await remove(away?.id ?? '')
  expect(proxy.requests.length).toBeGreaterThan(direct)
})

test('a socket that is taken away is missed, and one that is put in its place is used', async () => {
  watch()
  await proxy.removeSocket()
  await until(() => lostBy() === 'engine.socket-missing', 'lost')
  const other = await startFaultProxy(inject('engineSocket'), join(dir, 'other'))
  renameSync(join(dir, 'other'), proxy.socketPath)
  await until(() => state().kind === 'running', 'running over the new socket')
  await until(() => other.requests.some(({ path }) => path.startsWith('/events')), 'events over it')
  await other.close()
  await proxy.close()
  // The state stays as it was until the end of the connection is seen: only a session that began since then counts.
  const closedMs = Date.now()
  await proxy.listen()
  await until(() => state().kind === 'running' && state().sinceMs >= closedMs, 'back')
})

test('a hung engine is called so while its rows stay, and a beat that is answered brings it back', async () => {
  watch()
  await until(() => state().kind === 'running', 'running')
  const rows = inventory.rows(id, 'images').length
  const lists = (): number => proxy.requests.filter(({ path }) => path.startsWith('/images/json')).length
  const before = lists()
  proxy.plan(({ path }) => (path === '/_ping' ? { delayMs: 4_000 } : undefined))
  await until(() => state().kind === 'lost', 'lost')
  expect(state()).toMatchObject({ error: { code: 'engine.not-responding' } })
  expect(inventory.rows(id, 'images')).toHaveLength(rows)
  proxy.plan(() => undefined)
  await until(() => state().kind === 'running', 'running')
  expect(lists()).toBe(before)
})

test('an events connection that ends while the engine lives is opened again without a word', async () => {
  await until(() => state().kind === 'running', 'running')
  const { sinceMs } = state()
  const states: string[] = []
  onTestFinished(inventory.onEngine((row) => states.push(row.state.kind)))
  await waitFor(() => Date.now() - sinceMs > 1_200, { timeoutMs: 5_000, what: 'a session that held' })
  proxy.cut()
  await until(() => states.includes('running'), 'the new session')
  expect(states).toEqual(['running'])
})

/** An inventory of its own over a proxy of its own, which may refuse from the first question on. */
async function apart(name: string): Promise<{ own: FaultProxy; of: Inventory; add: () => void }> {
  const socketPath = join(dir, name)
  const own = await startFaultProxy(inject('engineSocket'), socketPath)
  const of = new Inventory()
  onTestFinished(async () => {
    of.close()
    await own.close()
  })
  const address = `unix://${socketPath}`
  const source = {
    id,
    name,
    origin: 'added',
    address,
    isOurs: false,
    dial: dialUnix(socketPath),
    socketPath,
  } as const
  return { own, of, add: () => of.add(source) }
}

test('a list that the engine refuses leaves the others of use, and is read as soon as it is given', async () => {
  const { own, of, add } = await apart('refusing')
  const broken = { answer: { status: 500, body: '{"message":"layer does not exist"}' } }
  own.plan(({ path }) => (path.startsWith('/images/json') ? broken : undefined))
  add()
  await until(() => of.engines[0]?.state.kind === 'running', 'running')
  expect(of.rows(id, 'networks').length).toBeGreaterThan(0)
  expect(of.rows(id, 'images')).toEqual([])
  own.plan(() => undefined)
  await until(() => of.rows(id, 'images').length > 0, 'the images')
})

test('an engine that refuses every list is of no use, and says why', async () => {
  const { own, of, add } = await apart('useless')
  const isList = /^\/(containers\/json|images\/json|volumes|networks)/
  const broken = { answer: { status: 500, body: '{"message":"out of order"}' } }
  own.plan(({ path }) => (isList.test(path) ? broken : undefined))
  add()
  await until(() => of.engines[0]?.state.kind === 'lost', 'lost')
  expect(of.engines[0]?.state).toMatchObject({ error: { code: 'engine.failed' } })
})

test('an engine that is removed or replaced is away at once, before its successor is asked', async () => {
  const { of, add } = await apart('replaced')
  const away: EngineId[] = []
  of.onAway((one) => away.push(one))
  add()
  await until(() => of.engines[0]?.state.kind === 'running', 'running')
  expect(away).toEqual([])
  add()
  expect(away).toEqual([id])
  expect(() => of.engineOf(id)).toThrow(expect.objectContaining({ code: 'engine.unreachable' }) as Error)
  of.remove(id)
  of.remove(id)
  expect(away).toEqual([id, id])
})

test('what was begun in an earlier session ends when the engine is forgotten', async () => {
  const { own, of, add } = await apart('earlier')
  const ended = new AbortController()
  onTestFinished(() => ended.abort())
  const items = of.watch(ended.signal)
  void (async () => {
    for await (const item of items) void item
  })()
  add()
  await until(() => of.engines[0]?.state.kind === 'running', 'running')
  const stream = await of.engineOf(id).stream({ path: '/events' })
  const closed = new Promise((resolve) => stream.once('close', resolve))
  stream.on('error', () => undefined).resume()
  const next = await startFaultProxy(inject('engineSocket'), join(dir, 'next'))
  onTestFinished(() => next.close())
  renameSync(join(dir, 'next'), own.socketPath)
  await until(() => next.requests.some(({ path }) => path.startsWith('/events')), 'the next session')
  expect(stream.destroyed).toBe(false)
  of.remove(id)
  await closed
})
