/** The calls about machines as clients make them, on a fake QEMU. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { labSettings, MachineLab } from '../../../../../testing/vm/machine-lab'
import type { Handlers } from '../../../../shared/contract'
import { AppError } from '../../../../shared/errors'
import type { MachineId } from '../../../../shared/model'
import { startCore, type Core } from '../../core'
import { run } from '../../platform/child'
import { vmHandlers, type VmHandlerDeps } from './calls/vm-handlers'
import type { VmMachine } from './vm-machine'

const { signal } = new AbortController()
const context = { signal, input: (async function* (): AsyncGenerator<never> {})() }

let lab: MachineLab

beforeEach(() => {
  lab = new MachineLab()
  onTestFinished(() => lab.close())
})

type Calls = Pick<Handlers, Extract<keyof Handlers, `machines.${string}`>>

/** The calls over the lab's machines, with one that has never run. */
async function ofLab(
  roads: Partial<Pick<VmHandlerDeps, 'setDockerContext' | 'setDefaultSocket'>> = {},
): Promise<{ calls: Calls; machine: VmMachine; id: MachineId }> {
  const machines = await lab.open()
  const calls = vmHandlers({
    ...{ machines, dataDir: lab.dir, progressOf: () => () => undefined, countsOf: () => undefined },
    setDockerContext: () => Promise.resolve(),
    setDefaultSocket: () => Promise.resolve(),
    ...roads,
  })
  const machine = await machines.create(labSettings)
  return { calls, machine, id: machine.id }
}

test('snapshots are listed, the newest first, and one that is removed leaves no file', async () => {
  const { calls, machine, id } = await ofLab()
  await machine.start()
  await machine.stop('shutdown')
  expect(await calls['machines.snapshots']({ machine: id }, signal)).toEqual([])
  for (const name of ['one', 'two']) await calls['machines.snapshot']({ machine: id, name }, signal)
  const listed = await calls['machines.snapshots']({ machine: id }, signal)
  expect(listed.map(({ name }) => name)).toEqual(['two', 'one'])
  const path = machine.files.snapshotPath('two', machine.settings)
  expect(existsSync(path)).toBe(true)
  await calls['machines.removeSnapshot']({ machine: id, name: 'two' }, signal)
  expect(existsSync(path)).toBe(false)
  expect(await calls['machines.snapshots']({ machine: id }, signal)).toMatchObject([{ name: 'one' }])
  const again = Promise.resolve(calls['machines.removeSnapshot']({ machine: id, name: 'two' }, signal))
  await expect(again).rejects.toMatchObject({ code: 'object.not-found' })
})

test('a stopped machine tells the log of its life, and what its console said last', async () => {
  const { calls, machine, id } = await ofLab()
  await machine.start()
  await machine.stop('shutdown')
  const { lines } = await calls['machines.log']({ machine: id }, signal)
  expect(lines.length).toBeGreaterThan(2)
  for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT\S+Z \S/)
  for await (const bytes of calls['machines.console']({ machine: id }, context)) {
    expect(Buffer.from(bytes).toString()).toContain('slipway: engine 1.0')
    break
  }
})

test('a restart is another boot, with the settings that waited for it', async () => {
  const { calls, machine, id } = await ofLab()
  await calls['machines.start']({ machine: id, cold: false }, signal)
  const change = { machine: id, settings: { memoryMiB: 2048 } }
  expect(await calls['machines.edit'](change, signal)).toEqual({ needsRestart: true })
  expect(machine.describe().needsRestart).toBe(true)
  await calls['machines.restart']({ machine: id }, signal)
  expect(lab.qemu.starts).toBe(2)
  expect(machine.describe()).toMatchObject({ needsRestart: false, state: { kind: 'running' } })
  expect(machine.describe().boots).toMatchObject([{ way: 'cold' }, { way: 'cold' }])
})

/** A core that knows of machines alone, and a docker folder as a person has one. */
async function ofCore(): Promise<{ core: Core; docker: (...args: string[]) => Promise<string> }> {
  const dir = mkdtempSync('/tmp/slm-')
  const config = join(dir, '.docker')
  const none = join(dir, 'none')
  const core = await startCore({
    host: 'serve',
    dataDir: join(dir, 'data'),
    env: {
      ...lab.qemu.env,
      HOME: dir,
      XDG_RUNTIME_DIR: dir,
      DOCKER_CONFIG: config,
      DOCKER_HOST: `unix://${none}`,
    },
    surroundings: { uid: 1000, sockets: { rootful: none, podman: none } },
  })
  onTestFinished(async () => {
    await core.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const docker = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, DOCKER_CONFIG: config, DOCKER_HOST: undefined, DOCKER_CONTEXT: undefined }
    const ran = await run('docker', args, { env })
    if (ran.code !== 0) throw new Error(ran.stderr)
    return ran.stdout.trim()
  }
  return { core, docker }
}

async function contextState({ handlers }: Core, id: MachineId): Promise<string | undefined> {
  for await (const all of handlers['machines.watch']({}, context))
    return all.find((each) => each.id === id)?.contextState
  return undefined
}

test('the docker context of a machine is docker’s own, can be the current one, and goes with the machine', async () => {
  const { core, docker } = await ofCore()
  const { handlers } = core
  const { machine } = await handlers['machines.create']({ settings: labSettings }, signal)
  const set = (exists: boolean, isCurrent: boolean) =>
    handlers['machines.setDockerContext']({ machine, exists, isCurrent }, signal)
  await set(true, false)
  expect(await docker('context', 'ls', '-q')).toContain('slipway-lab')
  expect(await docker('context', 'show')).toBe('default')
  const host = ['context', 'inspect', 'slipway-lab', '--format', '{{.Endpoints.docker.Host}}']
  expect(await docker(...host)).toBe(`unix://${core.paths.machine(machine).engineSocket}`)
  await set(true, true)
  expect(await docker('context', 'show')).toBe('slipway-lab')
  await expect.poll(() => contextState(core, machine)).toBe('current')
  await set(false, false)
  expect(await docker('context', 'ls', '-q')).toBe('default')
  await expect.poll(() => contextState(core, machine)).toBe('absent')
  await set(true, true)
  await handlers['machines.remove']({ machine, typedName: 'lab' }, signal)
  expect(await docker('context', 'ls', '-q')).toBe('default')
  expect(await docker('context', 'show')).toBe('default')
})

test('the docker context of a machine that is renamed has its new name', async () => {
  const { core, docker } = await ofCore()
  const { handlers } = core
  const { machine } = await handlers['machines.create']({ settings: labSettings }, signal)
  await handlers['machines.setDockerContext']({ machine, exists: true, isCurrent: true }, signal)
  await handlers['machines.edit']({ machine, settings: { name: 'other' } }, signal)
  expect((await docker('context', 'ls', '-q')).split('\n').sort()).toEqual(['default', 'slipway-other'])
  expect(await docker('context', 'show')).toBe('slipway-other')
})

test('a rename to a name that another has given a context keeps the old context, which leads to the machine', async () => {
  const { core, docker } = await ofCore()
  const { handlers } = core
  const { machine } = await handlers['machines.create']({ settings: labSettings }, signal)
  await handlers['machines.setDockerContext']({ machine, exists: true, isCurrent: true }, signal)
  await docker('context', 'create', 'slipway-other', '--docker', 'host=unix:///tmp/theirs.sock')
  await handlers['machines.edit']({ machine, settings: { name: 'other' } }, signal)
  expect(await docker('context', 'show')).toBe('slipway-lab')
  const hostOf = (name: string): Promise<string> =>
    docker('context', 'inspect', name, '--format', '{{.Endpoints.docker.Host}}')
  expect(await hostOf('slipway-lab')).toBe(`unix://${core.paths.machine(machine).engineSocket}`)
  expect(await hostOf('slipway-other')).toBe('unix:///tmp/theirs.sock')
  // Its own name leads elsewhere: that is what is shown.
  await expect.poll(() => contextState(core, machine)).toBe('absent')
})

test('a machine whose context cannot be removed is removed all the same, with its link', async () => {
  const links: boolean[] = []
  const { calls, machine, id } = await ofLab({
    setDockerContext: () => Promise.reject(new AppError('file.failed', 'foreign-context')),
    setDefaultSocket: (_, exists) => Promise.resolve(void links.push(exists)),
  })
  expect(await calls['machines.remove']({ machine: id, typedName: 'lab' }, signal)).toBe(null)
  expect(existsSync(machine.files.paths.dir)).toBe(false)
  expect(links).toEqual([false])
})
