import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MachineLab } from '../../../../../../testing/vm/machine-lab'
import type { VmMachine } from '../vm-machine'
import type { VmMachines } from '../vm-machines'
import { labSettings } from '../../../../../../testing/vm/machine-lab'
import { copyDisk } from './data-disk'
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
} from './machine-work'

let lab: MachineLab
let machines: VmMachines
let machine: VmMachine
const options = { signal: new AbortController().signal, progress: () => undefined }

beforeEach(async () => {
  lab = new MachineLab()
  machines = await lab.open()
  machine = await machines.create(labSettings)
})
afterEach(() => lab.close())

/** A machine that has run, with something on its disk. */
async function used(text: string): Promise<string> {
  await machine.start()
  await machine.stop('shutdown')
  const { disk } = machine.files.paths
  writeFileSync(disk, text, { flag: 'r+' })
  return disk
}

function begins(path: string, text: string): boolean {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(text.length)
    readSync(file, bytes, 0, text.length, 0)
    return bytes.toString() === text
  } finally {
    closeSync(file)
  }
}

test('two machines never have the same name; bad settings are not written', async () => {
  await expect(machines.create(labSettings)).rejects.toMatchObject({ code: 'machine.name-taken' })
  const other = await machines.create({ ...labSettings, name: 'other' })
  const rename = editMachine(machines, other, { change: { name: 'lab' }, ...options })
  await expect(rename).rejects.toMatchObject({ code: 'machine.name-taken' })
  const again = await lab.open()
  expect(again.all.map(({ settings }) => settings.name).sort()).toEqual(['lab', 'other'])
})

test('settings that are cut off come back from their last good copy', async () => {
  truncateSync(machine.files.paths.settings, 10)
  const again = await lab.open()
  expect(again.get(machine.id).settings).toEqual(labSettings)
})

test('a running machine takes what it can at once, and says what waits for a restart', async () => {
  await machine.start()
  const change = { dns: ['9.9.9.9'], swapMiB: 256, diskGiB: 6, daemonJson: '{"debug":true}' }
  expect(await editMachine(machines, machine, { change, ...options })).toEqual({ needsRestart: false })
  expect(lab.guests.verbs()).toEqual(['grow-disk', 'apply-swap', 'apply-network', 'apply-daemon-json'])
  expect((await stat(machine.files.paths.disk)).size).toBe(6 * 1024 ** 3)
  expect(await editMachine(machines, machine, { change: { memoryMiB: 2048 }, ...options })).toEqual({
    needsRestart: true,
  })
  expect(machine.describe().needsRestart).toBe(true)
  await machine.restart()
  expect(machine.describe().needsRestart).toBe(false)
})

test('a daemon.json with which the engine would not start changes nothing', async () => {
  await machine.start()
  lab.guests.answers.set('apply-daemon-json', () => {
    throw Object.assign(new Error('refused'), { name: 'AppError' })
  })
  const change = { daemonJson: '{"nonsense":1}' }
  await expect(editMachine(machines, machine, { change, ...options })).rejects.toThrow()
  expect(machine.settings.daemonJson).toBe('{}')
})

test('settings that were changed while it was suspended count after the resume', async () => {
  await machine.start()
  await machine.stop('suspend')
  await editMachine(machines, machine, { change: { memoryMiB: 2048, swapMiB: 64 }, ...options })
  await machine.start()
  expect(machine.describe()).toMatchObject({ needsRestart: true, boots: [{ way: 'resume' }, {}] })
  expect(lab.guests.asked.at(-1)).toMatchObject({ verb: 'apply-swap', args: ['64'] })
})

test('the disk moves to another folder and back, never under a running machine', async () => {
  const old = await used('precious')
  const diskDir = join(lab.dir, 'elsewhere')
  await editMachine(machines, machine, { change: { diskDir }, ...options })
  const moved = join(diskDir, machine.files.paths.diskName)
  expect(begins(moved, 'precious')).toBe(true)
  expect(existsSync(old)).toBe(false)
  await machine.start()
  const back = { change: { diskDir: '' }, ...options }
  await expect(editMachine(machines, machine, back)).rejects.toMatchObject({ code: 'machine.wrong-state' })
  await machine.stop('shutdown')
  await editMachine(machines, machine, back)
  expect(begins(old, 'precious')).toBe(true)
  expect(machine.settings.diskDir).toBeUndefined()
})

test('a disk is not moved over another file', async () => {
  await used('precious')
  const diskDir = join(lab.dir, 'elsewhere')
  mkdirSync(diskDir)
  writeFileSync(join(diskDir, machine.files.paths.diskName), 'of somebody')
  await expect(editMachine(machines, machine, { change: { diskDir }, ...options })).rejects.toMatchObject({
    code: 'machine.disk-failed',
  })
  expect(readFileSync(join(diskDir, machine.files.paths.diskName), 'utf8')).toBe('of somebody')
})

test('a snapshot brings the disk back as it was; holes stay holes', async () => {
  const disk = await used('first')
  await takeSnapshot(machine, 'one', options)
  await expect(takeSnapshot(machine, 'one', options)).rejects.toMatchObject({ code: 'object.conflict' })
  const [snapshot] = await snapshots(machine)
  expect(snapshot?.name).toBe('one')
  expect(snapshot?.hostBytes).toBeLessThan(16 * 1024 * 1024)
  writeFileSync(disk, 'later', { flag: 'r+' })
  await restoreSnapshot(machine, 'one', options)
  expect(begins(disk, 'first')).toBe(true)
  await removeSnapshot(machine, 'one')
  expect(await snapshots(machine)).toEqual([])
  await expect(restoreSnapshot(machine, 'one', options)).rejects.toMatchObject({ code: 'object.not-found' })
})

test('a machine in mid-air is neither copied nor kept as a snapshot', async () => {
  await used('x')
  await machine.start()
  await expect(takeSnapshot(machine, 'one', options)).rejects.toMatchObject({ code: 'machine.wrong-state' })
  await machine.stop('suspend')
  await expect(takeSnapshot(machine, 'one', options)).rejects.toMatchObject({ code: 'machine.wrong-state' })
  const clone = cloneMachine(machines, machine, { name: 'twin', ...options })
  await expect(clone).rejects.toMatchObject({ code: 'machine.wrong-state' })
})

test('a clone has the disk and keys of its own', async () => {
  await used('shared past')
  const id = await cloneMachine(machines, machine, { name: 'twin', ...options })
  const twin = machines.get(id)
  expect(begins(twin.files.paths.disk, 'shared past')).toBe(true)
  expect(twin.life.state.kind).toBe('stopped')
  expect(existsSync(twin.files.paths.userKey)).toBe(false)
})

test('a reset and a delete want the name, list what goes, and take that alone', async () => {
  const disk = await used('x')
  await takeSnapshot(machine, 'one', options)
  await expect(resetMachine(machine, 'nearly')).rejects.toMatchObject({ code: 'machine.name-differs' })
  const plan = await deletePlan(machine, { containers: 1, images: 2, volumes: 3 })
  expect(plan.items.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['disk', 'snapshot', 'logs', 'settings']),
  )
  expect(plan.items.every(({ path, bytes }) => path.startsWith(lab.dir) && bytes > 0)).toBe(true)
  await resetMachine(machine, 'lab')
  expect([existsSync(disk), machine.life.state.kind, (await snapshots(machine)).length]).toEqual([
    false,
    'absent',
    1,
  ])
  await machine.start()
  await removeMachine(machines, machine, 'lab')
  expect(existsSync(machine.files.paths.dir)).toBe(false)
  expect(machines.all).toEqual([])
  expect(existsSync(join(lab.dir, 'root.erofs'))).toBe(true)
})

test('a copy that is cancelled leaves nothing', async () => {
  const disk = await used('x')
  const to = join(lab.dir, 'copy.raw')
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(copyDisk(disk, to, { signal })).rejects.toThrow()
  expect([existsSync(to), existsSync(`${to}.copying`)]).toEqual([false, false])
})
