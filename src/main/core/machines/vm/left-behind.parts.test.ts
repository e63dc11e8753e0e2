import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { MachineLab, untilState } from '../../../../../testing/vm/machine-lab'
import { AppError } from '../../../../shared/errors'
import { isAlive } from '../../platform/child'
import { Qmp } from '../qemu/qmp'
import { waitFor } from '../../platform/wait-for'
import type { Backend } from './backend'
import type { VmMachine } from './vm-machine'

// What a core that ended in the middle of something leaves to the next one.

let lab: MachineLab
const limits = { signal: new AbortController().signal, timeoutMs: 20_000 }

beforeEach(() => {
  lab = new MachineLab()
})
afterEach(() => lab.close())

const pidOf = ({ files }: VmMachine): number => Number(readFileSync(files.paths.pid, 'utf8'))
const hasGone = (pid: number): Promise<boolean> =>
  waitFor(() => !isAlive(pid), { timeoutMs: 10_000, what: 'the end of the process' })

type Moment = 'suspend' | 'suspend-end' | 'before-key' | 'after-key' | 'load'

/** A core of its own that is killed in the middle of a suspend, or of the load of a saved state. */
async function killedCore(machine: VmMachine, what: Moment): Promise<void> {
  const script = join(import.meta.dirname, '../../../../../testing/vm/lab-child.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, lab.dir, machine.id, what], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  let errors = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  const isUnderWay = (): boolean => {
    if (child.exitCode !== null) throw new Error(errors)
    return said.includes('under way')
  }
  await waitFor(isUnderWay, { timeoutMs: 50_000, what: 'the other core' })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
  lab.qemu.set({})
}

async function statusOf(machine: VmMachine): Promise<string> {
  const qmp = await Qmp.connect(machine.files.paths.qmp, limits)
  const { status } = await qmp.execute<{ status: string }>('query-status', {}, limits)
  qmp.close()
  return status
}

test.each([
  { moment: 'suspend', status: 'paused' },
  { moment: 'suspend-end', status: 'finish-migrate' },
  { moment: 'before-key', status: 'postmigrate' },
] as const)(
  'a core is killed in the middle of a suspend ($status): the next one adopts the machine, and it runs on',
  async ({ moment, status }) => {
    const { id } = await lab.machine()
    const machine = (await lab.open()).get(id)
    await killedCore(machine, moment)
    const pid = pidOf(machine)
    expect(await statusOf(machine)).toBe(status)
    expect(await machine.adopt()).toBe(true)
    expect(machine.life.state.kind).toBe('running')
    expect(pidOf(machine)).toBe(pid)
    // A state without its key is none.
    expect(existsSync(machine.files.paths.state)).toBe(false)
    await machine.release()
    expect(await statusOf(machine)).toBe('running')
  },
)

test('a core is killed when the key of a suspend is written: the hypervisor is ended, and the state counts', async () => {
  const { id } = await lab.machine()
  await killedCore((await lab.open()).get(id), 'after-key')
  const machines = await lab.open()
  const machine = machines.get(id)
  const pid = pidOf(machine)
  expect(await statusOf(machine)).toBe('postmigrate')
  await machines.begin()
  await hasGone(pid)
  expect(machine.life.state).toMatchObject({ kind: 'stopped', isSuspended: true })
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'resume', outcome: 'running' })
})

test('one that cannot be reached in its time is asked to go by its power button, and has failed', async () => {
  await lab.close()
  lab = new MachineLab({ deadlines: { tunnel: 2_000 } })
  const first = await lab.machine()
  await first.start()
  await first.release()
  lab.guests.refuses = new AppError('tunnel.unreachable', 'refused')
  const machine = (await lab.open()).get(first.id)
  expect(await machine.adopt()).toBe(false)
  const cause = { code: 'machine.boot-timeout', facts: { stage: 'tunnel' } }
  expect(machine.life.state).toMatchObject({ kind: 'failed', stage: 'tunnel', cause })
  expect(readFileSync(machine.files.paths.console, 'utf8')).toContain('slipway: down')
})

test('an emulated one has as long as its stages have, and no less', async () => {
  await lab.close()
  const stageMs = 10 * 60_000
  lab = new MachineLab({ deadlines: { tunnel: stageMs } })
  const first = await lab.machine()
  await first.start()
  await first.release()
  let answer = (): void => undefined
  lab.guests.answersAfter = new Promise((resolve) => (answer = resolve))
  const knocks = lab.guests.addresses.length
  const machine = (await lab.open()).get(first.id)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
  onTestFinished(() => void vi.useRealTimers())
  const adopted = machine.adopt()
  await vi.waitUntil(() => lab.guests.addresses.length > knocks, { timeout: 10_000 })
  await vi.advanceTimersByTimeAsync(stageMs - 60_000)
  answer()
  expect(await adopted).toBe(true)
  expect(machine.life.state.kind).toBe('running')
})

test('a core is killed in the middle of a resume: its hypervisor is ended, and the state is still good', async () => {
  const { id } = await lab.machine()
  await killedCore((await lab.open()).get(id), 'load')
  const machines = await lab.open()
  const machine = machines.get(id)
  const pid = pidOf(machine)
  expect(machine.life.state).toMatchObject({ kind: 'stopped', isSuspended: true })
  await machines.begin()
  await hasGone(pid)
  expect(machine.life.state).toMatchObject({ kind: 'stopped', isSuspended: true })
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'resume', outcome: 'running' })
})

test('a machine that stands on a full disk of the host is adopted, says so, and goes on with room', async () => {
  const first = await lab.machine()
  await first.start()
  await first.release()
  lab.qemu.now('io-error')
  await waitFor(async () => (await statusOf(first)) === 'io-error', { timeoutMs: 10_000, what: 'the error' })
  // A guest that stands answers nobody.
  lab.guests.refuses = new AppError('tunnel.unreachable', 'refused')
  const machine = (await lab.open()).get(first.id)
  const reasons: string[] = []
  machine.life.onChanged(
    (state) => state.kind === 'degraded' && reasons.push(...state.reasons.map(({ kind }) => kind)),
  )
  expect(await machine.adopt()).toBe(true)
  await waitFor(() => reasons.includes('host-disk-full'), { timeoutMs: 10_000, what: 'the reason' })
  lab.guests.refuses = undefined
  // The disk of this host has room.
  await untilState(machine, 'running')
  await waitFor(() => machine.run?.reasons.length === 0, { timeoutMs: 10_000, what: 'all well' })
  expect(machine.guest).toBeDefined()
})

test('a hypervisor that nobody holds and nobody has adopted can be killed', async () => {
  const first = await lab.machine()
  await first.start()
  const pid = pidOf(first)
  await first.release()
  const machine = (await lab.open()).get(first.id)
  await machine.stop('kill')
  await hasGone(pid)
  await machine.start()
  expect(machine.life.state.kind).toBe('running')
})

test('one that nobody holds has the time to end that its hypervisor needs', async () => {
  await lab.close()
  let limit: AbortSignal | undefined
  let end = (): void => undefined
  const ended = new Promise<boolean>((resolve) => (end = () => resolve(true)))
  const endStray: Backend['endStray'] = (_, signal) => {
    limit = signal
    return ended
  }
  lab = new MachineLab({ backends: [{ kind: 'hyperv', endStray } as Backend] })
  const machine = await lab.machine({ backend: 'hyperv' })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
  onTestFinished(() => void vi.useRealTimers())
  const killed = machine.stop('kill')
  await vi.waitUntil(() => limit, { timeout: 10_000 })
  // Hyper-V refuses to turn off what still starts.
  await vi.advanceTimersByTimeAsync(5 * 60_000)
  expect(limit?.aborted).toBe(false)
  end()
  await killed
})

test('one whose start was written down nowhere is adopted all the same', async () => {
  const first = await lab.machine()
  await first.start()
  await first.files.saveStarted(undefined)
  await first.release()
  const machine = (await lab.open()).get(first.id)
  expect(await machine.adopt()).toBe(true)
  expect(machine.life.state.kind).toBe('running')
})

test('a core that is asked to close while it begins starts nothing any more', async () => {
  await lab.close()
  let isAsked = false
  let goOn = (): void => undefined
  const removeUnused = (): Promise<void> => {
    isAsked = true
    return new Promise((resolve) => (goOn = resolve))
  }
  lab = new MachineLab({ removeUnused })
  const made = await lab.machine({ startsWithApp: true })
  await made.start()
  await made.stop('shutdown')
  const machines = await lab.open()
  const beginning = machines.begin()
  await waitFor(() => isAsked, { timeoutMs: 10_000, what: 'the images' })
  await machines.close()
  goOn()
  await beginning
  expect(machines.get(made.id).life.state.kind).toBe('stopped')
})
