import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { MachineLab, untilState } from '../../../../../testing/vm/machine-lab'
import { AppError } from '../../../../shared/errors'
import { isAlive } from '../qemu/qemu-process'
import { Qmp } from '../qemu/qmp'
import { waitFor } from '../../platform/wait-for'
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

/** A core of its own that is killed in the middle of a suspend, or of the load of a saved state. */
async function killedCore(machine: VmMachine, what: 'suspend' | 'load'): Promise<void> {
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

test('a core is killed in the middle of a suspend: the next one adopts the machine, and it runs on', async () => {
  const { id } = await lab.machine()
  const machine = (await lab.open()).get(id)
  await killedCore(machine, 'suspend')
  const pid = pidOf(machine)
  expect(await statusOf(machine)).toBe('paused')
  expect(await machine.adopt()).toBe(true)
  expect(machine.life.state.kind).toBe('running')
  expect(pidOf(machine)).toBe(pid)
  // Half a state is none.
  expect(existsSync(machine.files.paths.state)).toBe(false)
  await machine.release()
  expect(await statusOf(machine)).toBe('running')
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
