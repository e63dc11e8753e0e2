import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { busyboxImage } from '../../../testing/engine/images'
import { startTestEngine } from '../../../testing/engine/start-engine'
import { noInput } from '../../../testing/services/no-input'
import { contract, type CheckedArgs } from '../../shared/contract'
import { AppError } from '../../shared/errors'
import type { EngineId, InventoryItem, Notice, Settings, Task } from '../../shared/model'
import { startCore, type Core } from './core'

const { signal } = new AbortController()
const local = 'local' as EngineId

/** A core of its own that can see just the given engine. */
async function freshCore(env: Record<string, string>, uid = 1000): Promise<Core> {
  const dataDir = await mkdtemp('/tmp/slc-')
  const sockets = { rootful: join(dataDir, 'none'), podman: join(dataDir, 'none') }
  const alone = { PATH: dataDir, HOME: dataDir, XDG_RUNTIME_DIR: dataDir }
  const core = await startCore({
    host: 'serve',
    dataDir,
    env: { ...alone, ...env },
    surroundings: { uid, sockets },
  })
  onTestFinished(async () => {
    await core.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  return core
}

/** Reads the inventory feed until an item answers. */
async function untilItem(core: Core, wanted: (item: InventoryItem) => boolean): Promise<InventoryItem> {
  const stop = new AbortController()
  const context = { signal: stop.signal, input: noInput() }
  for await (const item of core.handlers['inventory.watch']({}, context)) if (wanted(item)) return item
  throw new Error('The feed ended')
}
const stateOf = (item: InventoryItem, id = local): string | undefined =>
  'engines' in item ? item.engines.find((engine) => engine.id === id)?.state.kind : undefined
const untilState = (core: Core, kind: string, id = local): Promise<InventoryItem> =>
  untilItem(core, (item) => stateOf(item, id) === kind)

async function tasksOf(core: Core): Promise<readonly Task[]> {
  for await (const item of core.handlers['activity.watch']({}, { signal, input: noInput() }))
    if (item.kind === 'all') return item.tasks
  return []
}
const runArgs = (name: string, command: string[]): CheckedArgs<'containers.run'> => ({
  engine: local,
  spec: {
    ...({ image: busyboxImage, name, command } as CheckedArgs<'containers.run'>['spec']),
    ...{ env: [], ports: [], mounts: [], labels: [], networkAliases: [], capAdd: [], capDrop: [] },
    ...{ securityOpt: [], devices: [], extraHosts: [], dns: [], restart: { policy: 'no' } },
    ...{ network: '', hostname: '', user: '', workdir: '', stopSignal: '', platform: '' },
    ...{ publishAll: false, autoRemove: false, tty: false, stdin: false, init: false },
    ...{ privileged: false, readOnly: false, detach: true },
  },
  start: true,
})

test('every name of the contract has a handler', async () => {
  const core = await freshCore({ DOCKER_HOST: 'unix:///nowhere.sock' })
  expect(Object.keys(core.handlers).sort()).toEqual(Object.keys(contract).sort())
})

test('core tells what it is', async () => {
  const core = await freshCore({ DOCKER_HOST: 'unix:///nowhere.sock' })
  const info = await core.handlers['app.info']({}, signal)
  expect(info).toMatchObject({ host: 'serve', platform: process.platform })
  expect(info.version).toMatch(/^\d+\.\d+\.\d+/)
  expect(info.logFile.startsWith(info.dataDir)).toBe(true)
})

test('what a window remembers is in the settings, and gone when it is forgotten', async () => {
  const core = await freshCore({ DOCKER_HOST: 'unix:///nowhere.sock' })
  const ui = async (): Promise<unknown> => (await core.handlers['settings.get']({}, signal)).ui
  await core.handlers['settings.setUi']({ key: 'columns', value: { width: 7 } }, signal)
  expect(await ui()).toEqual({ columns: { width: 7 } })
  await core.handlers['settings.setUi']({ key: 'columns', value: null }, signal)
  expect(await ui()).toEqual({})
  const large = core.handlers['settings.setUi']({ key: 'columns', value: 'x'.repeat(1024 * 1024) }, signal)
  await expect(large).rejects.toMatchObject({ code: 'input.invalid' })
})

test('a page that one client asks for is told to the others', async () => {
  const core = await freshCore({ DOCKER_HOST: 'unix:///nowhere.sock' })
  const told: unknown[] = []
  core.onPush((name, value) => name === 'window.navigate' && told.push(value))
  await core.handlers['window.show']({ path: '/images' }, signal)
  expect(told).toEqual([{ path: '/images' }])
})

test('the hosts of the person’s SSH config are offered', async () => {
  const home = await mkdtemp('/tmp/slc-home-')
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  await mkdir(join(home, '.ssh'))
  await writeFile(join(home, '.ssh', 'config'), 'Host far web-*\n  User me\n')
  const core = await freshCore({ DOCKER_HOST: 'unix:///nowhere.sock', HOME: home })
  const { names } = await core.handlers['remotes.names']({}, signal)
  expect(names).toContain('far')
  expect(names).not.toContain('web-*')
})

test('from DOCKER_HOST to a running container: rows, task, command, removal', async () => {
  const core = await freshCore({ DOCKER_HOST: `unix://${inject('engineSocket')}` })
  await untilState(core, 'running')
  const { id } = await core.handlers['containers.run'](runArgs('core-web', ['sleep', '1000']), signal)
  await untilItem(core, (item) => JSON.stringify(item).includes(id))
  await core.handlers['containers.stop']({ engine: local, id, timeoutS: 0 }, signal)
  await core.handlers['containers.remove']({ engine: local, id, force: true, volumes: false }, signal)
  const tasks = await tasksOf(core)
  expect(tasks.map(({ kind, state, subject }) => [kind, state, subject])).toEqual([
    ['containers.run', 'done', 'core-web'],
    ['containers.stop', 'done', 'core-web'],
    ['containers.remove', 'done', 'core-web'],
  ])
  expect(tasks[1]?.command).toBe('docker stop -t 0 core-web')
}, 60_000)

test('a volume whose files were looked at through a helper can be removed at once', async () => {
  const core = await freshCore({ DOCKER_HOST: `unix://${inject('engineSocket')}`, SLIPWAY_AGENT: 'off' })
  await untilState(core, 'running')
  const name = `core-volume-${Date.now()}`
  const created = { ...{ engine: local, name, driver: 'local', options: {}, labels: {} } }
  const { id } = await core.handlers['volumes.create'](created, signal)
  const root = { kind: 'volume', id } as const
  const { road, entries } = await core.handlers['files.list'](
    { engine: local, root, path: '/', limit: 100 },
    signal,
  )
  expect({ road, entries }).toEqual({ road: 'api', entries: [] })
  await core.handlers['volumes.remove']({ engine: local, id, force: false }, signal)
}, 60_000)

test('a container that ends by itself with an error is told, unless the settings say no', async () => {
  const core = await freshCore({ DOCKER_HOST: `unix://${inject('engineSocket')}` })
  await untilState(core, 'running')
  const notices: Notice[] = []
  core.onPush((name, value) => name === 'notice.raised' && notices.push(value as Notice))
  const dying = async (name: string): Promise<void> => {
    const { id } = await core.handlers['containers.run'](runArgs(name, ['sh', '-c', 'exit 7']), signal)
    const hasEnded = async (): Promise<boolean> =>
      !(await core.handlers['containers.inspect']({ engine: local, id }, signal)).running
    await expect.poll(hasEnded, { timeout: 20_000 }).toBe(true)
    await core.handlers['containers.remove']({ engine: local, id, force: true, volumes: false }, signal)
  }
  await dying('core-dies')
  await expect
    .poll(() => notices.map((n) => [n.name, n.facts['exitCode']]), { timeout: 20_000 })
    .toEqual([['core-dies', 7]])
  await core.handlers['settings.set']({ notify: { died: false, unhealthy: true } }, signal)
  await dying('core-dies-unheard')
  expect(notices).toHaveLength(1)
}, 60_000)

test('no engine at all: core lives, each road says why, and a retry finds one that came', async () => {
  const dir = await mkdtemp('/tmp/slr-')
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const socket = join(dir, 'late.sock')
  const core = await freshCore({ DOCKER_HOST: `unix://${socket}` })
  const item = await untilItem(core, (each) => 'roads' in each && each.roads.length > 0)
  const roads = 'roads' in item ? item.roads : []
  expect(roads[0]).toMatchObject({
    ...{ road: 'docker-host', outcome: 'failed', mend: 'unset DOCKER_HOST' },
    error: { code: 'engine.socket-missing' },
  })
  expect(roads.filter(({ outcome }) => outcome === 'taken')).toEqual([])
  const failed = await Promise.resolve()
    .then(() => core.handlers['containers.top']({ engine: local, id: 'x' }, signal))
    .catch((error: unknown) => error)
  expect(failed instanceof AppError && failed.code).toBe('engine.unknown')
  await symlink(inject('engineSocket'), socket)
  await core.handlers['engines.retry']({}, signal)
  await untilState(core, 'running')
})

test('an added engine stands beside the local one, is remembered, and goes when removed', async () => {
  const core = await freshCore({ DOCKER_HOST: `unix://${inject('engineSocket')}` })
  const second = await startTestEngine({ network: 'none' })
  onTestFinished(() => second.stop())
  const settings: Settings[] = []
  core.onPush((name, value) => name === 'settings.changed' && settings.push(value as Settings))
  const address = { kind: 'unix', path: second.socket } as const
  const { engine } = await core.handlers['engines.add']({ name: 'Second', address }, signal)
  await untilState(core, 'running', engine)
  expect(settings.at(-1)?.engines.map(({ name }) => name)).toEqual(['Second'])
  const again = Promise.resolve().then(() => core.handlers['engines.add']({ name: 'B', address }, signal))
  await expect(again).rejects.toMatchObject({ code: 'input.invalid' })
  await second.kill9()
  await untilState(core, 'lost', engine)
  await core.handlers['engines.remove']({ engine }, signal)
  expect(stateOf(await untilItem(core, () => true), engine)).toBeUndefined()
}, 120_000)

test('where nothing answers and dockerd is here, core starts its own engine and ends it', async () => {
  const path = process.env['PATH'] ?? ''
  const dir = await mkdtemp('/tmp/slr-')
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const core = await freshCore({ DOCKER_HOST: `unix://${join(dir, 'none.sock')}`, PATH: path }, 0)
  await core.handlers['settings.set']({ localEngine: 'private' }, signal)
  const item = await untilState(core, 'running')
  expect('engines' in item && item.engines[0]).toMatchObject({ origin: 'private', isOurs: true })
  await core.handlers['engines.restart']({ engine: local }, signal)
  await untilState(core, 'running')
  await core.handlers['engines.stop']({ engine: local }, signal)
  await untilState(core, 'stopped')
  expect((await core.handlers['engines.log']({ engine: local }, signal)).lines.length).toBeGreaterThan(0)
  await core.handlers['engines.start']({ engine: local }, signal)
  await untilState(core, 'running')
}, 180_000)
