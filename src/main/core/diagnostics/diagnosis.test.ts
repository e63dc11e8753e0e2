import { expect, onTestFinished, test, vi } from 'vitest'
import type { Engine, EngineId, Machine, Road } from '../../../shared/model'
import { AppError, toWire } from '../../../shared/errors'
import { agentCheck, clockCheck, engineCheck, listChecks, noEngine } from './engine-checks'
import { dataFolder, freeSpace, memory } from './host-checks'
import { hypervisorCheck, machineCheck } from './machine-checks'

const engine = (more: Partial<Engine> = {}): Engine => ({
  ...{ id: 'e' as EngineId, name: 'Local', origin: 'socket', address: 'unix:///run/docker.sock' },
  ...{ state: { kind: 'running', sinceMs: 0 }, clockSkewMs: 0, isOurs: false },
  features: { platform: true },
  ...more,
})
const gone = toWire(new AppError('engine.unreachable', 'Nothing answers', { facts: { address: 'x' } }))

test('an engine that runs is good, one that is lost is bad with its reason, one that was stopped is a note', () => {
  expect(engineCheck(engine())).toMatchObject({ state: 'good', subject: 'Local' })
  expect(engineCheck(engine({ state: { kind: 'lost', error: gone, sinceMs: 0 } }))).toMatchObject({
    ...{ state: 'bad', error: gone },
    message: 'Local does not answer at unix:///run/docker.sock: Nothing answers',
  })
  expect(engineCheck(engine({ state: { kind: 'stopped', sinceMs: 0 } })).state).toBe('note')
  expect(engineCheck(engine({ state: { kind: 'starting', stage: 'x', sinceMs: 0 } })).state).toBe('warning')
})

test('without an engine the first road that failed tells why and what mends it', () => {
  const road = (more: Partial<Road>): Road => ({
    road: 'rootful-socket',
    tried: 'a',
    outcome: 'absent',
    ...more,
  })
  const roads = [road({}), road({ outcome: 'failed', tried: 'b', error: gone, mend: 'sudo it' })]
  expect(noEngine([], roads)).toMatchObject([{ state: 'bad', error: gone, mend: 'sudo it' }])
  expect(noEngine([engine()], roads)).toEqual([])
})

test('a clock that is off is told, of engines that run', () => {
  expect(clockCheck(engine({ clockSkewMs: -7000 }))).toMatchObject([
    { state: 'warning', facts: { aheadMs: -7000 }, message: 'The clock of Local is 7.0 s behind' },
  ])
  expect(clockCheck(engine({ clockSkewMs: 900 }))).toMatchObject([{ state: 'good' }])
  expect(clockCheck(engine({ clockSkewMs: -7000, state: { kind: 'stopped', sinceMs: 0 } }))).toEqual([])
})

test('a list that an engine does not give is a warning with its reason', () => {
  const missing = { images: { kind: 'refused', error: gone }, volumes: { kind: 'awaited' } } as const
  expect(listChecks(engine({ missing }))).toMatchObject([
    { state: 'warning', error: gone, message: 'Local does not give its list of images: Nothing answers' },
    { state: 'warning', facts: { kind: 'volumes', state: 'awaited' } },
  ])
  expect(listChecks(engine())).toEqual([])
})

test('an agent that nobody allowed is a note, one that fails a warning', () => {
  expect(agentCheck(engine(), () => ({ kind: 'unasked' }))).toMatchObject([{ state: 'note' }])
  const failed = { kind: 'failed', road: 'container', error: gone, nextTryMs: 0 } as const
  expect(agentCheck(engine(), () => failed)).toMatchObject([{ state: 'warning', error: gone }])
  const off = { kind: 'off', because: 'unsupported', why: 'podman' } as const
  expect(agentCheck(engine(), () => off)).toMatchObject([{ state: 'note', facts: { state: 'podman' } }])
  expect(agentCheck(engine(), () => undefined)).toEqual([])
})

test('a folder that cannot be written is bad, and nothing is left in one that can', async () => {
  expect(await dataFolder('/proc/nowhere')).toMatchObject({ state: 'bad', error: { code: 'file.failed' } })
  expect(await dataFolder('/tmp')).toMatchObject({ state: 'good' })
})

test('two folders of one disk are one check, one that is not there is none', async () => {
  const checks = await freeSpace(['/usr', '/usr/lib', '/nowhere'])
  expect(checks).toHaveLength(1)
  expect(checks[0]?.facts).toMatchObject({ path: '/usr' })
})

test('a disk that does not answer is told, and not asked twice at once', async () => {
  let asked = 0
  const never = () => {
    asked++
    return new Promise<undefined>(() => undefined)
  }
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const first = freeSpace(['/gone'], never)
  await vi.advanceTimersByTimeAsync(5000)
  expect(await first).toMatchObject([{ name: 'free-space', state: 'bad', subject: '/gone' }])
  const second = freeSpace(['/gone'], never)
  await vi.advanceTimersByTimeAsync(5000)
  expect(await second).toHaveLength(1)
  expect(asked).toBe(1)
})

test('little memory is told, except where the system counts what it could give as used', () => {
  const [few, many] = [50_000_000, 8_000_000_000]
  expect(memory('linux', few, many)).toMatchObject([{ state: 'bad' }])
  expect(memory('linux', many, many)).toMatchObject([{ state: 'good' }])
  expect(memory('darwin', few, many)).toEqual([])
})

test('a machine that failed tells at what, one that is worse off why', () => {
  const machine = (state: Machine['state']): Machine =>
    ({ settings: { name: 'dev' }, state }) as unknown as Machine
  const failed = { kind: 'failed', stage: 'kernel', cause: gone, lines: [], sinceMs: 0 } as const
  expect(machineCheck(machine(failed))).toMatchObject({
    state: 'bad',
    error: gone,
    facts: { stage: 'kernel' },
  })
  const full = { kind: 'degraded', reasons: [{ kind: 'disk-full', freeBytes: 1 }], sinceMs: 0 } as const
  expect(machineCheck(machine(full))).toMatchObject({ state: 'warning', facts: { reasons: 'disk-full' } })
  expect(machineCheck(machine({ kind: 'stopped', isSuspended: true, sinceMs: 0 })).state).toBe('note')
})

test('one hypervisor that works is enough; emulation is told; none says what mends it', () => {
  const missing = { backend: 'qemu', isAvailable: false, error: gone, mend: 'apt install it' } as const
  expect(hypervisorCheck({ backends: [missing] })).toMatchObject({ state: 'bad', mend: 'apt install it' })
  const slow = { backend: 'qemu', isAvailable: true, isEmulated: true, accelerator: 'tcg' } as const
  expect(hypervisorCheck({ backends: [missing, slow] })).toMatchObject({ state: 'warning' })
  expect(hypervisorCheck({ backends: [{ ...slow, isEmulated: false }] })).toMatchObject({ state: 'good' })
})
