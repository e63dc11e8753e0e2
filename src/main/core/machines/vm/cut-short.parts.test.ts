import { mkdirSync, readFileSync, rmdirSync, statSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MachineLab, untilState } from '../../../../../testing/vm/machine-lab'
import { AppError } from '../../../../shared/errors'
import { waitFor } from '../../platform/wait-for'
import { vmHandlers } from './calls/vm-handlers'
import { takeSnapshot } from './kept/machine-work'
import type { VmMachine } from './vm-machine'
import type { VmMachines } from './vm-machines'

// Stops that do not come to their end: another one cuts them short, the VM dies, the person thinks again.

let lab: MachineLab
let machines: VmMachines
let machine: VmMachine

beforeEach(async () => {
  lab = new MachineLab()
  const { id } = await lab.machine()
  machines = await lab.open()
  machine = machines.get(id)
  await machine.start()
})
afterEach(() => lab.close())

const pid = (): number => Number(readFileSync(machine.files.paths.pid, 'utf8'))
const stateBytes = (): number => statSync(machine.files.paths.state, { throwIfNoEntry: false })?.size ?? 0
const shownStage = () => (machine.life.state.kind === 'stopping' ? machine.life.state.stage : '')
const until = (check: () => boolean): Promise<boolean> =>
  waitFor(check, { timeoutMs: 20_000, what: 'what was begun' })
/** Less than any rung of the ladder. */
const soonMs = 10_000

/** A suspend that never ends by itself; resolves with why it failed. */
function suspending(): Promise<unknown> {
  lab.qemu.set({ suspendStalls: true })
  return machine.stop('suspend').catch((error: unknown) => error)
}

test('a kill does not wait for the guest that is asked to go', async () => {
  lab.qemu.set({ ignoresButton: true })
  lab.guests.onShutdown = () => undefined
  const seen: string[] = []
  const shutdown = machine.stop('shutdown').catch((error: unknown) => error)
  await until(() => lab.guests.verbs().includes('shutdown'))
  machine.life.onChanged(({ kind }) => seen.push(kind))
  const beganMs = performance.now()
  await machine.stop('kill')
  expect(performance.now() - beganMs).toBeLessThan(soonMs)
  await shutdown
  expect(machine.life.state).toMatchObject({ kind: 'stopped', isSuspended: false })
  expect(seen).not.toContain('failed')
})

test('a kill does not wait for a suspend; the machine was not suspended and did not fail', async () => {
  const seen: string[] = []
  const suspend = suspending()
  await until(() => stateBytes() > 0)
  machine.life.onChanged(({ kind }) => seen.push(kind))
  const beganMs = performance.now()
  await machine.stop('kill')
  expect(performance.now() - beganMs).toBeLessThan(soonMs)
  expect(await suspend).toBeInstanceOf(Error)
  expect(machine.life.state).toMatchObject({ kind: 'stopped', isSuspended: false })
  expect([...new Set(seen)]).toEqual(['stopping', 'stopped'])
  lab.qemu.set({})
  await machine.start()
  expect(machine.life.state.kind).toBe('running')
})

test('a kill gives up the work that waits for its turn', async () => {
  lab.qemu.set({ ignoresButton: true })
  lab.guests.onShutdown = () => undefined
  const shutdown = machine.stop('shutdown').catch(() => undefined)
  const options = { signal: new AbortController().signal, progress: () => undefined }
  const snapshot = takeSnapshot(machine, 'one', options)
  await Promise.all([expect(snapshot).rejects.toMatchObject({ code: 'cancelled' }), machine.stop('kill')])
  await shutdown
})

test('a snapshot and a start that wait and are given up say so at once; what goes on is not cut short', async () => {
  lab.guests.onShutdown = () => undefined
  const shutdown = machine.stop('shutdown')
  await until(() => lab.guests.verbs().includes('shutdown'))
  const asker = new AbortController()
  const snapshot = takeSnapshot(machine, 'one', { signal: asker.signal, progress: () => undefined })
  const start = machine.start()
  asker.abort(new AppError('cancelled', 'Cancelled'))
  machine.giveUpStart()
  await expect(snapshot).rejects.toMatchObject({ code: 'cancelled' })
  await expect(start).rejects.toMatchObject({ code: 'cancelled' })
  expect(shownStage()).toBe('ask')
  lab.qemu.now('down')
  await shutdown
  expect(machine.life.state.kind).toBe('stopped')
})

test('a start after one that was given up is a start of its own; a client that wants the engine begins none', async () => {
  await machine.stop('shutdown')
  lab.qemu.set({ stopAtMark: 'pid1' })
  const first = machine.start()
  await until(() => lab.qemu.starts === 2 && machine.run === undefined && machine.console !== undefined)
  machine.giveUpStart()
  const failed = expect(first).rejects.toMatchObject({ code: 'cancelled' })
  await machines.wake(machine.id)
  lab.qemu.set({})
  const second = machine.start()
  await failed
  await second
  expect(machine.life.state.kind).toBe('running')
  expect(lab.qemu.starts).toBe(3)
})

test('a VM that dies in the middle of a suspend is seen, and can be started again', async () => {
  const suspend = suspending()
  await until(() => stateBytes() > 0)
  process.kill(pid(), 'SIGKILL')
  expect(await suspend).toMatchObject({ code: 'machine.suspend-failed' })
  expect(await untilState(machine, 'failed')).toMatchObject({ cause: { code: 'machine.ended' } })
  lab.qemu.set({})
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'cold', coldBecause: 'crashed' })
})

test('a state whose key cannot be written is kept, and its key is written when that is possible', async () => {
  const { stateKey } = machine.files.paths
  lab.guests.answers.set('before-suspend', () => {
    // Nothing can take this name.
    mkdirSync(stateKey)
    return ''
  })
  await machine.stop('suspend')
  expect(machine.life.state).toMatchObject({ kind: 'stopped', isSuspended: true })
  expect(stateBytes()).toBeGreaterThan(0)
  rmdirSync(stateKey)
  expect(await machine.files.saved()).toBeDefined()
  expect(statSync(stateKey).isFile()).toBe(true)
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'resume', outcome: 'running' })
})

test('a restart that is cancelled while the machine goes down leaves it down, and goes down in order', async () => {
  lab.guests.onShutdown = () => undefined
  const handlers = vmHandlers({
    ...{ machines, dataDir: lab.dir, progressOf: () => () => undefined, countsOf: () => undefined },
    ...{ setDockerContext: () => Promise.resolve(), setDefaultSocket: () => Promise.resolve() },
  })
  const person = new AbortController()
  const restart = handlers['machines.restart']({ machine: machine.id }, person.signal)
  await until(() => lab.guests.verbs().includes('shutdown'))
  person.abort(new AppError('cancelled', 'Cancelled'))
  expect(shownStage()).toBe('ask')
  lab.qemu.now('down')
  await expect(restart).rejects.toMatchObject({ code: 'cancelled' })
  expect(machine.life.state.kind).toBe('stopped')
  expect(lab.qemu.starts).toBe(1)
})
