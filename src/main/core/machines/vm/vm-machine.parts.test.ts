import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { labSettings, MachineLab, untilState } from '../../../../../testing/vm/machine-lab'
import { AppError } from '../../../../shared/errors'
import { watchConsole } from './calls/watch-console'
import { waitFor } from '../../platform/wait-for'

let lab: MachineLab

beforeEach(() => {
  lab = new MachineLab()
})
afterEach(() => lab.close())

const pidOf = (machine: { files: { paths: { pid: string } } }): number =>
  Number(readFileSync(machine.files.paths.pid, 'utf8'))

test('a cold boot goes through its stages and leaves no forward but the one for ssh', async () => {
  const machine = await lab.machine()
  expect(machine.life.state.kind).toBe('absent')
  const seen = new Set<string>()
  machine.life.onChanged((state) => state.kind === 'starting' && seen.add(state.stage))
  await machine.start()
  expect(machine.life.state.kind).toBe('running')
  const [record] = machine.describe().boots
  expect(record).toMatchObject({ way: 'cold', outcome: 'running' })
  expect(record?.stages.map(({ name }) => name)).toEqual([
    ...['image', 'disk', 'process', 'kernel', 'init', 'sshd', 'tunnel', 'engine'],
  ])
  expect(record?.stages.every(({ endedMs }) => endedMs !== undefined)).toBe(true)
  expect([...seen]).toEqual(expect.arrayContaining(['image', 'kernel', 'engine']))
  expect(lab.guests.addresses[0]).toMatchObject({ host: '127.0.0.1', hostKey: 'ssh-ed25519 AAAA' })
  const disk = await stat(machine.files.paths.disk)
  expect(disk.size).toBe(labSettings.diskGiB * 1024 ** 3)
  expect(disk.blocks * 512).toBeLessThan(1024 * 1024)
  expect((await stat(machine.files.paths.qmp)).mode & 0o777).toBe(0o600)
  expect(existsSync(machine.files.paths.initrd)).toBe(false)
})

test('a machine that is suspended resumes from its state, which is gone before the guest goes on', async () => {
  const machine = await lab.machine()
  await machine.start()
  await machine.stop('suspend')
  expect(machine.life.state).toMatchObject({ kind: 'stopped', isSuspended: true })
  expect(lab.guests.verbs()).toContain('before-suspend')
  expect(existsSync(machine.files.paths.state)).toBe(true)
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'resume', outcome: 'running' })
  expect(lab.guests.verbs().at(-1)).toBe('after-resume')
  expect([machine.files.paths.state, machine.files.paths.stateKey].some((path) => existsSync(path))).toBe(
    false,
  )
})

test('the console of a resumed machine shows what its boot said; a cold boot begins a new one', async () => {
  const machine = await lab.machine()
  await machine.start()
  lab.qemu.now('say slipway: fault oom mysqld')
  await untilState(machine, 'degraded')
  await machine.stop('suspend')
  await machine.start()
  const shown = async (): Promise<string> => {
    const first = await watchConsole(machine, AbortSignal.timeout(30_000)).next()
    return first.done ? '' : Buffer.from(first.value).toString()
  }
  expect(await shown()).toContain('slipway: engine 1.0')
  // What was wrong before the suspend is not said anew.
  expect(machine.life.state.kind).toBe('running')
  await machine.stop('kill')
  await machine.start({ isCold: true })
  expect((await shown()).split('slipway: init')).toHaveLength(2)
})

test('a state of another hypervisor version, a damaged one and one that will not load mean a cold boot', async () => {
  const machine = await lab.machine()
  await machine.start()
  await machine.stop('suspend')
  const saved = readFileSync(machine.files.paths.stateKey, 'utf8')
  writeFileSync(machine.files.paths.stateKey, saved.replace(/"key": "\w/, '"key": "-'))
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'cold', coldBecause: 'differs' })
  await machine.stop('suspend')
  writeFileSync(machine.files.paths.state, 'cut')
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'cold', coldBecause: 'load-failed' })
  await machine.stop('suspend')
  lab.qemu.set({ loadFails: true })
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'cold', coldBecause: 'load-failed' })
  await machine.stop('suspend')
  await machine.start({ isCold: true })
  expect(machine.describe().boots[0]).toMatchObject({ way: 'cold', coldBecause: 'asked' })
})

test('a suspend that fails leaves the machine running', async () => {
  const machine = await lab.machine()
  await machine.start()
  lab.qemu.set({ suspendFails: true })
  await expect(machine.stop('suspend')).rejects.toMatchObject({ code: 'machine.suspend-failed' })
  expect(machine.life.state.kind).toBe('running')
  expect(existsSync(machine.files.paths.state)).toBe(false)
  expect(await machine.run?.vm.isAlive(AbortSignal.timeout(30_000))).toBe(true)
})

test('a guest that stops on its way fails at that stage, with the console and nothing left behind', async () => {
  await lab.close()
  lab = new MachineLab({ deadlines: { sshd: 5_000 } })
  const machine = await lab.machine()
  lab.qemu.set({ stopAtMark: 'sshd' })
  await expect(machine.start()).rejects.toMatchObject({
    code: 'machine.boot-timeout',
    facts: { stage: 'sshd' },
  })
  const { state } = machine.life
  expect(state).toMatchObject({ kind: 'failed', stage: 'sshd' })
  expect(state.kind === 'failed' && state.lines).toContain('slipway: pid1 1.0')
  lab.qemu.set({})
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'cold', coldBecause: 'crashed' })
})

test('an engine that does not answer leaves a machine that runs, degraded, and is mended by its word', async () => {
  await lab.close()
  lab = new MachineLab({ deadlines: { engine: 3_000 } })
  const machine = await lab.machine()
  lab.guests.engineAnswers = false
  await machine.start()
  expect(machine.life.state).toMatchObject({ kind: 'degraded', reasons: [{ kind: 'engine-down' }] })
  lab.qemu.now('say slipway: engine 77.0')
  await untilState(machine, 'running')
})

test('what the guest says on its console stands as a reason: memory, disk', async () => {
  const machine = await lab.machine()
  await machine.start()
  lab.qemu.now('say slipway: fault oom mysqld')
  await untilState(machine, 'degraded')
  lab.qemu.now('say slipway: fault disk-full 1048576')
  const reasons = await waitFor(
    () =>
      machine.life.state.kind === 'degraded' && machine.life.state.reasons.length === 2
        ? machine.life.state.reasons
        : undefined,
    { timeoutMs: 10_000, what: 'both reasons' },
  )
  expect(reasons).toEqual([
    { kind: 'out-of-memory', process: 'mysqld' },
    { kind: 'disk-full', freeBytes: 1048576 },
  ])
})

test('a hypervisor that is killed is seen, and the machine starts again', async () => {
  const machine = await lab.machine()
  await machine.start()
  process.kill(pidOf(machine), 'SIGKILL')
  expect(await untilState(machine, 'failed')).toMatchObject({
    stage: 'running',
    cause: { code: 'machine.ended' },
  })
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'cold', coldBecause: 'crashed' })
})

test('a panic is told as a crash, with the lines around it', async () => {
  const machine = await lab.machine()
  await machine.start()
  lab.qemu.now('panic')
  const state = await untilState(machine, 'failed')
  expect(state).toMatchObject({ cause: { code: 'machine.crashed' } })
  expect(state.kind === 'failed' && state.lines.join(' ')).toContain('Call Trace')
})

test('a guest that goes down by itself in order is stopped, not failed', async () => {
  const machine = await lab.machine()
  await machine.start()
  lab.qemu.now('down')
  expect(await untilState(machine, 'stopped')).toMatchObject({ isSuspended: false })
})

test('a full disk of the host makes the machine stand, and it goes on when there is room', async () => {
  const machine = await lab.machine()
  await machine.start()
  const reasons: string[] = []
  machine.life.onChanged(
    (state) => state.kind === 'degraded' && reasons.push(...state.reasons.map(({ kind }) => kind)),
  )
  lab.qemu.now('io-error')
  // The disk of this host has room: the machine goes on at the first look.
  await waitFor(() => reasons.includes('host-disk-full') && machine.life.state.kind === 'running', {
    timeoutMs: 20_000,
    what: 'the machine to go on',
  })
  // The state is told first.
  await waitFor(() => lab.guests.verbs().includes('set-clock'), { timeoutMs: 20_000, what: 'the clock' })
})

test('fifty starts at once make one machine', async () => {
  const machine = await lab.machine()
  await Promise.all(Array.from({ length: 50 }, () => machine.start()))
  expect(lab.qemu.starts).toBe(1)
  expect(machine.life.state.kind).toBe('running')
})

test('two cores that start the same machine: one wins, the disk is never in two hands', async () => {
  const first = await lab.machine()
  const second = (await lab.open()).get(first.id)
  const results = await Promise.allSettled([first.start(), second.start()])
  const failed = results.filter((result) => result.status === 'rejected')
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(failed[0]?.reason).toMatchObject({ code: 'machine.disk-in-use' })
  const [winner, loser] = results[0]?.status === 'fulfilled' ? [first, second] : [second, first]
  expect(await winner.run?.vm.isAlive(AbortSignal.timeout(30_000))).toBe(true)
  await loser.stop('kill')
  expect(await winner.run?.vm.isAlive(AbortSignal.timeout(30_000))).toBe(true)
})

test('the next core adopts what the last one left running', async () => {
  const machine = await lab.machine({ onQuit: 'keep' })
  await machine.start()
  const pid = pidOf(machine)
  await machine.release()
  const again = (await lab.open()).get(machine.id)
  expect(await again.adopt()).toBe(true)
  expect(again.describe()).toMatchObject({
    state: { kind: 'running' },
    boots: [{ way: 'adopt' }, { way: 'cold' }],
  })
  expect(pidOf(again)).toBe(pid)
  // The forward of the first core is found, not doubled.
  expect(lab.guests.addresses.map(({ port }) => port).every((port, _, all) => port === all[0])).toBe(true)
  await again.stop('shutdown')
  expect(again.life.state.kind).toBe('stopped')
})

test('one that runs is adopted although no QEMU could be started now, with the accelerator it has', async () => {
  const machine = await lab.machine({ onQuit: 'keep' })
  await machine.start()
  const pid = pidOf(machine)
  await machine.release()
  lab.qemu.set({ refuse: ['kvm', 'tcg', '-sandbox'] })
  const again = (await lab.open()).get(machine.id)
  expect(await again.adopt()).toBe(true)
  expect(pidOf(again)).toBe(pid)
  expect(again.describe()).toMatchObject({
    state: { kind: 'running' },
    accelerator: { name: 'tcg', isEmulated: true },
  })
  lab.qemu.set({})
  await again.stop('kill')
})

test('one that hangs when the next core comes is ended, and a cold boot follows', async () => {
  const machine = await lab.machine()
  await machine.start()
  const pid = pidOf(machine)
  await machine.release()
  process.kill(pid, 'SIGSTOP')
  const again = (await lab.open()).get(machine.id)
  expect(await again.adopt()).toBe(false)
  await again.start()
  expect(again.describe().boots[0]).toMatchObject({ way: 'cold', coldBecause: 'crashed' })
  expect(pidOf(again)).not.toBe(pid)
}, 90_000)

test('a link that is cut comes back by itself; one that does not is told', async () => {
  const machine = await lab.machine()
  await machine.start()
  lab.guests.refuses = new AppError('tunnel.unreachable', 'refused')
  lab.guests.cut()
  expect(await untilState(machine, 'degraded')).toMatchObject({ reasons: [{ kind: 'tunnel-down' }] })
  lab.guests.refuses = undefined
  await untilState(machine, 'running')
})

test('a start that is stopped ends at once and leaves nothing', async () => {
  const machine = await lab.machine()
  lab.qemu.set({ silentStarts: 9 })
  const starting = machine.start()
  await waitFor(() => machine.describe().boots[0]?.stages.at(-1)?.name === 'kernel', {
    timeoutMs: 30_000,
    what: 'the stage kernel',
  })
  await Promise.all([expect(starting).rejects.toMatchObject({ code: 'cancelled' }), machine.stop('kill')])
  expect(machine.life.state.kind).toBe('stopped')
  expect(existsSync(machine.files.paths.pid)).toBe(false)
})

test('an accelerator that does not work is left for the next, and said', async () => {
  lab.qemu.set({ refuse: ['-sandbox'] })
  const facts = await lab.newBackend().probe(AbortSignal.timeout(20_000))
  expect(facts).toMatchObject({ isAvailable: true, accelerator: { name: 'tcg', isEmulated: true } })
  const machine = await lab.machine()
  await machine.start()
  expect(machine.describe().accelerator?.name).toBe('tcg')
})
