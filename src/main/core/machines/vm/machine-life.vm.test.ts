import { spawn, type ChildProcess } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { busyboxImage, testImage } from '../../../../../testing/engine/images'
import { bootMs, RealLab } from '../../../../../testing/vm/real-lab'
import type { MachineId } from '../../../../shared/model'
import { run } from '../../platform/child'
import { pathsOf } from '../../platform/paths'
import { waitFor } from '../../platform/wait-for'

// One machine from its first boot to its reset, in this order: a boot under emulation takes its time.

const lab = new RealLab()
const shared = join(lab.dir, 'home', 'shared')
let machine: MachineId
let canary = ''
/** The idle saver's: it stands, or a minute of it passes in a second. */
const idle = { isFast: false, looks: 0 }
const idleClock = {
  now: () => (idle.looks++, idle.isFast ? Date.now() * 60 : 0),
  everyMs: 500,
}

const docker = async (...args: string[]): Promise<string> => {
  const { engineSocket } = lab.core.paths.machine(machine)
  const ran = await run('docker', ['-H', `unix://${engineSocket}`, ...args], { timeoutMs: bootMs })
  if (ran.code !== 0) throw new Error(`docker ${args.join(' ')}: ${ran.stderr}`)
  return ran.stdout.trim()
}
const counter = async (): Promise<number> => Number(await docker('exec', 'counter', 'cat', '/data/n'))
async function counterGoesOn(): Promise<void> {
  const before = await counter()
  await waitFor(async () => (await counter()) > before, { timeoutMs: 60_000, what: 'the counter to go on' })
}
function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended.
  }
}
/** Every name and every byte of a folder. */
function treeHash(dir: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()) {
    hash.update(name)
    const path = join(dir, name)
    if (
      !readdirSync(dir, { recursive: true, withFileTypes: true }).some(
        (e) => e.isDirectory() && join(e.parentPath, e.name) === path,
      )
    )
      hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

beforeAll(async () => {
  mkdirSync(join(shared, 'deep'), { recursive: true })
  writeFileSync(join(shared, 'precious.txt'), 'not yours\n')
  writeFileSync(join(shared, 'deep', 'more.bin'), Buffer.alloc(70_000, 7))
  canary = treeHash(shared)
  await lab.open({ vms: { idleClock } })
  const shares = [{ path: shared, isReadOnly: false }]
  machine = await lab.create({ name: 'life', diskGiB: 4, shares })
})
afterAll(async () => {
  await lab.call('machines.stop', { machine, how: 'kill' }).catch(() => undefined)
  await lab.close()
  lab.remove()
})

test('it boots cold, its engine is in the inventory and answers at its socket', async () => {
  // Two that ask at once get one machine.
  await Promise.all([lab.call('machines.start', { machine }), lab.call('machines.start', { machine })])
  const { state, boots, accelerator } = await lab.machine(machine)
  expect(state.kind === 'running' || state.kind === 'degraded').toBe(true)
  expect(boots[0]).toMatchObject({ way: 'cold', outcome: 'running' })
  expect(accelerator?.name).toBeTruthy()
  expect((await lab.untilEngine(machine)).facts?.version).toBeTruthy()
  await testImage(lab.core.paths.machine(machine).engineSocket)
  const count = 'i=$(cat /data/n || echo 0); while :; do i=$((i+1)); echo $i >/data/n; sync; sleep 0.2; done'
  await docker(
    'run',
    '-d',
    '--name',
    'counter',
    '--restart',
    'always',
    '-v',
    'numbers:/data',
    busyboxImage,
    'sh',
    '-c',
    count,
  )
  await waitFor(async () => (await counter()) > 2, { timeoutMs: 60_000, what: 'the counter' })
})

test('suspended and resumed, its container goes on where it was, with the right clock', async () => {
  const startedAt = await docker('inspect', '-f', '{{.State.StartedAt}}', 'counter')
  const before = await counter()
  await lab.call('machines.stop', { machine, how: 'suspend' })
  expect((await lab.machine(machine)).state).toMatchObject({ kind: 'stopped', isSuspended: true })
  await lab.call('machines.start', { machine })
  expect((await lab.machine(machine)).boots[0]).toMatchObject({ way: 'resume', outcome: 'running' })
  await waitFor(async () => (await counter()) > before, { timeoutMs: 60_000, what: 'the counter to go on' })
  expect(await docker('inspect', '-f', '{{.State.StartedAt}}', 'counter')).toBe(startedAt)
  const guestS = Number(await docker('exec', 'counter', 'date', '+%s'))
  expect(Math.abs(guestS - Date.now() / 1000)).toBeLessThan(15)
  expect(existsSync(lab.core.paths.machine(machine).state)).toBe(false)
})

test('it sleeps once nothing runs in it, and the docker command that wakes it waits', async () => {
  idle.isFast = true
  await lab.call('machines.edit', { machine, settings: { idleMinutes: 1 } })
  const enough = idle.looks + 6
  await waitFor(() => idle.looks > enough, { timeoutMs: 60_000, what: 'six looks' })
  expect((await lab.machine(machine)).state.kind).toBe('running')
  const before = await counter()
  await docker('stop', '-t', '0', 'counter')
  const { state } = await lab.untilState(machine, 'stopped')
  expect(state).toMatchObject({ isSuspended: true })
  idle.isFast = false
  await docker('start', 'counter')
  expect((await lab.machine(machine)).boots[0]).toMatchObject({ way: 'resume', outcome: 'running' })
  await waitFor(async () => (await counter()) > before, { timeoutMs: 60_000, what: 'the counter to go on' })
  await lab.call('machines.edit', { machine, settings: { idleMinutes: 0 } })
})

test('a disk grows while it runs', async () => {
  const { needsRestart } = await lab.call('machines.edit', { machine, settings: { diskGiB: 6 } })
  expect(needsRestart).toBe(false)
  const bytes = await lab.first(
    'machines.usage',
    { machine },
    {
      check: ({ diskTotalBytes }) => (diskTotalBytes > 5.5 * 1024 ** 3 ? diskTotalBytes : undefined),
      what: 'the bigger disk',
    },
  )
  expect(bytes).toBeGreaterThan(5.5 * 1024 ** 3)
})

test('a hypervisor that hangs is said, and said again when it goes on', async () => {
  const pid = lab.pidOf(machine)
  process.kill(pid, 'SIGSTOP')
  onTestFinished(() => signalIfAlive(pid, 'SIGCONT'))
  const frozen = await lab.untilState(machine, 'degraded')
  expect(frozen.state.kind === 'degraded' && frozen.state.reasons.map(({ kind }) => kind)).toContain(
    'guest-frozen',
  )
  process.kill(pid, 'SIGCONT')
  await lab.untilState(machine, 'running')
})

test('killed with its core, the machine runs on and the next core adopts it', async () => {
  await lab.call('machines.stop', { machine, how: 'suspend' })
  await lab.close()
  const child = await coreChild()
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  await lab.open()
  await lab.untilState(machine, 'running')
  const { boots } = await lab.machine(machine)
  expect(boots[0]).toMatchObject({ way: 'adopt', outcome: 'running' })
  await lab.untilEngine(machine)
  await counterGoesOn()
})

test('its core killed in the middle of a suspend, it runs on under the next one', async () => {
  const startedAt = await docker('inspect', '-f', '{{.State.StartedAt}}', 'counter')
  await lab.call('machines.stop', { machine, how: 'suspend' })
  await lab.close()
  const child = await coreChild()
  const { state } = pathsOf(join(lab.dir, 'data')).machine(machine)
  child.kill('SIGUSR2')
  const isUnderWay = (): boolean => (statSync(state, { throwIfNoEntry: false })?.size ?? 0) > 0
  await waitFor(isUnderWay, { timeoutMs: 120_000, what: 'the state', everyMs: 1 })
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  await lab.open()
  await lab.untilState(machine, 'running')
  expect((await lab.machine(machine)).boots[0]).toMatchObject({ way: 'adopt', outcome: 'running' })
  await lab.untilEngine(machine)
  await counterGoesOn()
  expect(await docker('inspect', '-f', '{{.State.StartedAt}}', 'counter')).toBe(startedAt)
})

test('a killed hypervisor is seen; after the next start nothing that was synced is lost', async () => {
  const kept = randomUUID()
  await docker('exec', 'counter', 'sh', '-c', `echo ${kept} >/data/kept; sync`)
  process.kill(lab.pidOf(machine), 'SIGKILL')
  const { state } = await lab.untilState(machine, 'failed', 30_000)
  expect(state).toMatchObject({ stage: 'running', cause: { code: 'machine.ended' } })
  await lab.call('machines.start', { machine })
  expect((await lab.machine(machine)).boots[0]).toMatchObject({ way: 'cold', coldBecause: 'crashed' })
  await lab.untilEngine(machine)
  // Docker starts the container again by itself, in its own time.
  await waitFor(async () => (await counter().catch(() => 0)) > 0, { timeoutMs: 120_000, what: 'the counter' })
  expect(await docker('exec', 'counter', 'cat', '/data/kept')).toBe(kept)
})

test('a kernel that panics is a crash with its last words', async () => {
  await docker('run', '--rm', '--privileged', busyboxImage, 'sh', '-c', 'echo c > /proc/sysrq-trigger').catch(
    () => '',
  )
  const { state } = await lab.untilState(machine, 'failed', 60_000)
  expect(state).toMatchObject({ cause: { code: 'machine.crashed' } })
  expect(state.kind === 'failed' && state.lines.join('\n')).toContain('Kernel panic')
})

test('a reset asks for the name, takes the disk and nothing of the host', async () => {
  await expect(lab.call('machines.reset', { machine, typedName: 'other' })).rejects.toMatchObject({
    code: 'machine.name-differs',
  })
  const { disk } = lab.core.paths.machine(machine)
  expect(existsSync(disk)).toBe(true)
  const plan = await lab.call('machines.deletePlan', { machine })
  expect(plan.items.find(({ what }) => what === 'disk')?.path).toBe(disk)
  await lab.call('machines.reset', { machine, typedName: 'life' })
  expect((await lab.machine(machine)).state.kind).toBe('absent')
  expect(existsSync(disk)).toBe(false)
  await lab.call('machines.remove', { machine, typedName: 'life' })
  expect(existsSync(lab.core.paths.machine(machine).dir)).toBe(false)
  expect(treeHash(shared)).toBe(canary)
})

/** Another process with a core that has started the machine. */
async function coreChild(): Promise<ChildProcess> {
  const script = join(import.meta.dirname, '../../../../../testing/vm/core-child.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, lab.dir, machine], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  let errors = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  await waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(errors)
      return said.includes('up')
    },
    { timeoutMs: bootMs, what: 'the other core' },
  )
  return child
}
