import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { busyboxImage, testImage } from '../../../../testing/engine/images'
import { plantCanaries, treeState } from '../../../../testing/vm/canary-tree'
import { labSettings, MachineLab } from '../../../../testing/vm/machine-lab'
import type { Engine, MachineId, ResetPlan, Task } from '../../../shared/model'
import { startCore, type Core } from '../core'
import { run } from '../platform/child'
import { waitFor } from '../platform/wait-for'

const { signal } = new AbortController()
const typed = { typedWord: 'reset' } as const

async function freshLab() {
  const lab = new MachineLab()
  const file = (name: string): string => join(lab.dir, name)
  const image = { id: 'i', kernel: file('vmlinuz'), initrd: file('initrd.img'), root: file('root.erofs') }
  const core = await startCore({
    host: 'serve',
    dataDir: lab.paths.dataDir,
    env: { PATH: lab.dir, HOME: lab.dir, XDG_RUNTIME_DIR: lab.dir },
    surroundings: { uid: 1000, sockets: { rootful: file('usual.sock'), podman: file('none.sock') } },
    vms: {
      backends: [lab.newBackend()],
      images: {
        state: () => Promise.resolve({ way: 'ready', bytes: 0 }),
        ensure: () => Promise.resolve(image),
        find: () => Promise.resolve(image),
      },
    },
  })
  onTestFinished(async () => {
    await core.close()
    await lab.close()
  })
  return { lab, core, file, paths: lab.paths }
}

function put(path: string, text = path): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

const create = async (core: Core, more: Partial<typeof labSettings>): Promise<MachineId> =>
  (await core.handlers['machines.create']({ settings: { ...labSettings, ...more } }, signal)).machine

const filesIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((each) => !each.isDirectory())
    .map((each) => join(each.parentPath, each.name).slice(dir.length + 1))
    .sort()

async function tasksOf(core: Core): Promise<readonly Task[]> {
  const input = (async function* () {})()
  for await (const item of core.handlers['activity.watch']({}, { signal, input }))
    if (item.kind === 'all') return item.tasks
  return []
}

const contextFile = (home: string, name: string): string =>
  join(home, '.docker/contexts/meta', createHash('sha256').update(name).digest('hex'), 'meta.json')

const hash = 'a'.repeat(32)

/** All kinds of names in a data folder: ours, those of strangers, those that are in use, and links to canaries. */
function plantIn(dataDir: string, { two, theirs }: { two: MachineId; theirs: string }) {
  const strangers = [
    ...['settings.json.mine', 'notes/a.txt', 'engine/notes.txt', `images/${hash}/notes.txt`, 'images/x/y'],
    ...['logs/mine.log', `machines/${two}/notes.txt`, `machines/${two}/snapshots/notes.txt`, 'machines/x/y'],
  ]
  const held = ['browser/Default/x', 'core.sock', 'logs/desktop.log', 'open.html', 'serve.token']
  const ours = [
    ...['settings.bad-2026-01-02T03-04-05-678Z.json', 'window.json', 'settings.json.writing-0a1b2c'],
    ...['engine/daemon.json', 'engine/data/overlay2/l/file', 'logs/engine.log', 'logs/core.log.1'],
    ...[`images/${hash}/vmlinuz`, `images/.fetching-${hash}/root.erofs.zst`, 'machines/m-lost/data.raw'],
    ...[`machines/${two}/snapshots/s.raw`, `machines/${two}/snapshots/s.json`],
  ]
  for (const name of [...strangers, ...held, ...ours]) put(join(dataDir, name))
  for (const name of ['engine/data/way-out', 'engine/exec', `machines/${two}/way-out`])
    symlinkSync(theirs, join(dataDir, name))
  symlinkSync(join(theirs, 'own-eyes.txt'), join(dataDir, `machines/${two}/boots.json`))
  return { strangers, held }
}

function expectPlan(plan: ResetPlan, dataDir: string): void {
  expect(plan.machines.map(({ name }) => name).sort()).toEqual(['lab', 'm-lost', 'three', 'two'])
  expect(plan.machines.map(({ context }) => context).filter(Boolean)).toEqual(['slipway-lab'])
  expect(plan.settings).toMatchObject({ engines: 1, agents: 0 })
  expect(plan.items.map(({ path }) => path.slice(dataDir.length + 1)).sort()).toEqual([
    ...['engine/daemon.json', 'engine/data', 'engine/exec', `images/.fetching-${hash}/root.erofs.zst`],
    ...[`images/${hash}/vmlinuz`, 'logs/core.log.1', 'logs/engine.log'],
    ...['settings.bad-2026-01-02T03-04-05-678Z.json', 'settings.json', 'settings.json.writing-0a1b2c'],
    ...['settings.last-good.json', 'window.json'],
  ])
  const stays = plan.stays.map(({ path }) => path)
  for (const name of ['settings.json.mine', 'engine/notes.txt', 'images/x', 'core.sock'])
    expect(stays).toContain(join(dataDir, name))
}

test('a reset takes away all that is ours, and nothing else', async () => {
  const { lab, core, file, paths } = await freshLab()
  const [shared, outside, theirs] = [file('shared'), file('outside'), file('theirs')]
  for (const folder of [shared, theirs]) plantCanaries(folder, outside)
  put(file('chosen/theirs.txt'))
  const one = await create(core, { diskDir: file('chosen'), shares: [{ path: shared, isReadOnly: false }] })
  const two = await create(core, { name: 'two' })
  await core.handlers['machines.setDockerContext']({ machine: one, exists: true, isCurrent: true }, signal)
  await core.handlers['machines.setDefaultSocket']({ machine: one, exists: true }, signal)
  const starting = core.handlers['machines.start']({ machine: one, cold: true }, signal)
  void Promise.resolve(starting).catch(() => undefined)
  await waitFor(() => existsSync(paths.machine(one).pid), { timeoutMs: 30_000, what: 'the VM' })
  expect(existsSync(join(file('chosen'), paths.machine(one).diskName))).toBe(true)
  // A context that somebody else made has the name that ours would have.
  const foreignContext = contextFile(lab.dir, 'slipway-two')
  put(foreignContext, JSON.stringify({ Name: 'slipway-two', Metadata: {}, Endpoints: {} }))
  // That of another data folder's machine of the same name is ours by its mark only.
  await create(core, { name: 'three' })
  const othersContext = contextFile(lab.dir, 'slipway-three')
  const docker = { Host: 'unix:///home/ann/other/docker.sock' }
  put(othersContext, JSON.stringify({ Name: 'x', Metadata: { Slipway: true }, Endpoints: { docker } }))
  await core.handlers['engines.add'](
    { name: 'far', address: { kind: 'tcp', host: 'far', port: 2375 } },
    signal,
  )
  await core.handlers['settings.set']({ theme: 'dark' }, signal)
  const { dataDir } = paths
  const { strangers, held } = plantIn(dataDir, { two, theirs })
  const before = treeState(shared, theirs, outside)

  const plan = await core.handlers['reset.plan']({}, signal)
  expectPlan(plan, dataDir)
  const chosen = plan.machines.find(({ name }) => name === 'lab')
  expect(chosen).toMatchObject({ context: 'slipway-lab', link: file('usual.sock') })

  const { stays } = await core.handlers['reset.run'](typed, signal)
  const left = [...strangers, ...held, 'logs/core.log', `machines/${two}/way-out`].sort()
  expect(filesIn(dataDir)).toEqual(left)
  expect(treeState(shared, theirs, outside)).toEqual(before)
  // The lock is the fake hypervisor's own.
  expect(filesIn(file('chosen')).filter((name) => !name.includes('fake-lock'))).toEqual(['theirs.txt'])
  expect([foreignContext, othersContext].filter(existsSync)).toHaveLength(2)
  expect([contextFile(lab.dir, 'slipway-lab'), file('usual.sock')].filter(existsSync)).toEqual([])
  for (const path of [theirs, join(theirs, 'own-eyes.txt')])
    expect(stays).toContainEqual({ path, why: 'link' })
  expect(stays).toContainEqual({ path: join(dataDir, 'serve.token'), why: 'in-use' })
  expect(stays).toContainEqual({ path: join(dataDir, 'machines', two, 'notes.txt'), why: 'foreign' })
  const settings = await core.handlers['settings.get']({}, signal)
  expect(settings).toMatchObject({ theme: 'system', engines: [] })
  const task = (await tasksOf(core)).find(({ kind }) => kind === 'reset.run')
  expect(task).toMatchObject({ state: 'done', canCancel: false })
  expect(task?.parts.map(({ status }) => status)).toEqual(Array(task?.parts.length).fill('done'))

  await core.handlers['reset.run'](typed, signal)
  expect(filesIn(dataDir)).toEqual(left)
  const made = await create(core, { name: 'again' })
  expect(existsSync(paths.machine(made).settings)).toBe(true)
}, 120_000)

test('a machine behind a link stays and is told; all else goes, and so it does when the link is no more', async () => {
  const { core, file, paths } = await freshLab()
  const id = await create(core, {})
  put(paths.machine(id).disk)
  put(join(paths.images, 'a'.repeat(32), 'vmlinuz'))
  const { dir } = paths.machine(id)
  renameSync(dir, file('elsewhere'))
  symlinkSync(file('elsewhere'), dir)
  const before = filesIn(file('elsewhere'))
  const failed = { code: 'reset.incomplete', facts: { count: 1, path: dir, reason: 'link' } }
  // Two that ask at once mean the same reset.
  const asked = [1, 2].map(() => Promise.resolve(core.handlers['reset.run'](typed, signal)))
  for (const each of asked) await expect(each).rejects.toMatchObject(failed)
  expect(filesIn(file('elsewhere'))).toEqual(expect.arrayContaining(before))
  expect([paths.images, paths.settings].filter(existsSync)).toEqual([])
  const tasks = (await tasksOf(core)).filter(({ kind }) => kind === 'reset.run')
  expect(tasks).toMatchObject([{ state: 'failed', error: failed }])
  await rm(dir)
  renameSync(file('elsewhere'), dir)
  await core.handlers['reset.run'](typed, signal)
  expect(filesIn(paths.dataDir)).toEqual(['logs/core.log'])
})

async function localState(core: Core, kind: string): Promise<Engine> {
  const input = (async function* () {})()
  for await (const item of core.handlers['inventory.watch']({}, { signal, input })) {
    const local = 'engines' in item ? item.engines.find(({ id }) => id === 'local') : undefined
    if (local?.state.kind === kind) return local
  }
  throw new Error('The feed ended')
}

test('the private engine ends with all that is in it, but not with a folder that a container had mounted', async () => {
  const dataDir = await mkdtemp('/tmp/slz-')
  const canaries = await mkdtemp('/tmp/slz-canaries-')
  plantCanaries(join(canaries, 'shared'), join(canaries, 'outside'))
  const sockets = { rootful: join(dataDir, 'none'), podman: join(dataDir, 'none') }
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', HOME: dataDir, XDG_RUNTIME_DIR: dataDir },
    DOCKER_HOST: `unix://${join(dataDir, 'none.sock')}`,
  }
  const core = await startCore({ host: 'serve', dataDir, env, surroundings: { uid: 0, sockets } })
  onTestFinished(async () => {
    await core.close()
    for (const dir of [dataDir, canaries]) await rm(dir, { recursive: true, force: true })
  })
  await core.handlers['settings.set']({ localEngine: 'private' }, signal)
  await localState(core, 'running')
  const socket = join(dataDir, 'engine/docker.sock')
  await testImage(socket)
  const docker = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await run('docker', ['-H', `unix://${socket}`, ...args])
    if (code !== 0) throw new Error(stderr)
  }
  const device = join(canaries, 'shared')
  await docker('volume', 'create', '-o', 'type=none', '-o', 'o=bind', '-o', `device=${device}`, 'theirs')
  const mounts = ['-v', 'theirs:/theirs', '-v', `${device}:/again`, '-v', 'own:/own']
  await docker('run', '-d', '--name', 'busy', ...mounts, busyboxImage, 'sleep', '1000')
  const before = treeState(canaries)
  const holds = async () => (await core.handlers['reset.plan']({}, signal)).engine
  await expect.poll(holds).toMatchObject({ containers: 1, volumes: 2 })
  await core.handlers['reset.run'](typed, signal)
  expect(treeState(canaries)).toEqual(before)
  expect(filesIn(dataDir)).toEqual(['logs/core.log'])
  expect(existsSync(join(dataDir, 'engine'))).toBe(false)
  expect((await run('ps', ['axww', '-o', 'args'])).stdout).not.toContain(`${dataDir}/engine`)
}, 180_000)
