import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pipeSocket, World } from '../../../../../testing/fake-powershell/world'
import { labSettings, MachineLab } from '../../../../../testing/vm/machine-lab'
import {
  cloneMachine,
  deletePlan,
  editMachine,
  removeMachine,
  removeSnapshot,
  resetMachine,
  restoreSnapshot,
  snapshots,
  takeSnapshot,
} from '../vm/kept/machine-work'
import type { VmMachine } from '../vm/vm-machine'
import type { VmMachines } from '../vm/vm-machines'
import { hyperVBackend } from './hyperv-backend'

// A machine's whole life on Hyper-V: what the backend's own tests do not see is who calls it and when.

const command = join(import.meta.dirname, '../../../../../testing/fake-powershell/powershell')
const options = { signal: new AbortController().signal, progress: () => undefined }
const ms = 20_000
let folder: string
let world: World
let lab: MachineLab
let machines: VmMachines
let machine: VmMachine

beforeEach(async () => {
  folder = mkdtempSync('/tmp/slipway-hvm-')
  world = World.make(join(folder, 'world'))
  const backend = hyperVBackend({
    ...{ platform: 'win32', arch: 'x64' },
    powerShell: { command, env: { ...process.env, FAKE_HYPERV_DIR: world.folder }, idleMs: 500 },
    pipePath: (name) => pipeSocket(world.folder, name),
  })
  const deadlines = { kernel: ms, init: ms, sshd: ms, engine: ms, process: ms }
  lab = new MachineLab({ backends: [backend], deadlines })
  machines = await lab.open()
  machine = await machines.create({ ...labSettings, backend: 'hyperv' })
})
afterEach(async () => {
  await lab.close()
  rmSync(folder, { recursive: true, force: true })
})

const diskOf = (of: VmMachine): string => of.files.diskPath(of.settings)
const isVhdx = (path: string): boolean => readFileSync(path).subarray(0, 8).toString() === 'vhdxfile'

test('its disk is a VHDX, made at the first start; it is suspended, resumed, and grown at a cold boot', async () => {
  await machine.start()
  expect(basename(diskOf(machine))).toBe('data.vhdx')
  expect(isVhdx(diskOf(machine))).toBe(true)
  expect(existsSync(machine.files.paths.disk)).toBe(false)
  await machine.stop('suspend')
  expect(machine.life.state).toMatchObject({ kind: 'stopped', isSuspended: true })
  expect(world.vms()[0]?.State).toBe('Saved')
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'resume', outcome: 'running' })
  await machine.stop('kill')
  await editMachine(machines, machine, { change: { diskGiB: labSettings.diskGiB + 2 }, ...options })
  await machine.start()
  const size = (labSettings.diskGiB + 2) * 1024 ** 3
  expect(readFileSync(`${diskOf(machine)}.resized`, 'utf8')).toBe(String(size))
})

test('a state that Hyper-V no longer has means a cold boot, not a machine that cannot start', async () => {
  await machine.start()
  await machine.stop('suspend')
  for (const vm of world.vms()) world.remove(vm.Id)
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'cold', coldBecause: 'load-failed' })
})

test('snapshots are copies of the VHDX; putting one back drops what Hyper-V saved', async () => {
  await machine.start()
  await machine.stop('kill')
  await takeSnapshot(machine, 'before', options)
  expect(isVhdx(join(machine.files.paths.snapshots, 'before.vhdx'))).toBe(true)
  expect((await snapshots(machine)).map(({ name }) => name)).toEqual(['before'])
  const { items } = await deletePlan(machine, undefined)
  expect(items.map(({ path }) => basename(path))).toEqual(
    expect.arrayContaining(['data.vhdx', 'before.vhdx']),
  )
  await machine.start()
  await machine.stop('suspend')
  expect(world.vms()).toHaveLength(1)
  await restoreSnapshot(machine, 'before', options)
  expect(world.vms()).toEqual([])
  expect(machine.life.state).toMatchObject({ kind: 'stopped', isSuspended: false })
  await removeSnapshot(machine, 'before')
  expect(existsSync(join(machine.files.paths.snapshots, 'before.vhdx'))).toBe(false)
})

test('a clone has a VHDX of its own and starts beside the first', async () => {
  await machine.start()
  await machine.stop('kill')
  const twin = machines.get(await cloneMachine(machines, machine, { name: 'twin', ...options }))
  expect(isVhdx(diskOf(twin))).toBe(true)
  await Promise.all([machine.start(), twin.start()])
  expect(world.vms().map(({ State }) => State)).toEqual(['Running', 'Running'])
})

test('a reset and a removal leave nothing of it in Hyper-V', async () => {
  await machine.start()
  await machine.stop('suspend')
  await resetMachine(machine, labSettings.name)
  expect(world.vms()).toEqual([])
  expect(existsSync(diskOf(machine))).toBe(false)
  expect(machine.life.state.kind).toBe('absent')
  await machine.start()
  await machine.stop('suspend')
  await removeMachine(machines, machine, labSettings.name)
  expect(world.vms()).toEqual([])
  expect(existsSync(machine.files.paths.dir)).toBe(false)
})

test('a disk that moves takes its name along, and a saved state that names the old place goes', async () => {
  await machine.start()
  await machine.stop('suspend')
  const diskDir = join(folder, 'elsewhere')
  mkdirSync(diskDir)
  await editMachine(machines, machine, { change: { diskDir }, ...options })
  expect(diskOf(machine)).toBe(join(diskDir, `slipway-${machine.id}.vhdx`))
  expect(isVhdx(diskOf(machine))).toBe(true)
  expect(world.vms()).toEqual([])
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'cold', outcome: 'running' })
})
