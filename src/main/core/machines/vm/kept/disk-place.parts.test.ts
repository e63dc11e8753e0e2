import { existsSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { labSettings, MachineLab } from '../../../../../../testing/vm/machine-lab'
import type { VmMachine } from '../vm-machine'
import type { VmMachines } from '../vm-machines'
import { cloneMachine, editMachine, removeMachine, resetMachine } from './machine-work'

// Where a machine's disk is, and that no other ever takes its place.

let lab: MachineLab
let machines: VmMachines
let machine: VmMachine
let elsewhere: string
const options = { signal: new AbortController().signal, progress: () => undefined }

beforeEach(async () => {
  lab = new MachineLab()
  machines = await lab.open()
  machine = await machines.create(labSettings)
  elsewhere = join(lab.dir, 'drive')
  await machine.start()
  await machine.stop('shutdown')
})
afterEach(() => lab.close())

const moved = (): string => join(elsewhere, machine.files.paths.diskName)
const move = (): Promise<unknown> =>
  editMachine(machines, machine, { change: { diskDir: elsewhere }, ...options })
const mark = (path: string): void => writeFileSync(path, 'precious', { flag: 'r+' })
async function isPrecious(path: string): Promise<boolean> {
  const file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0)
  await file.close()
  return buffer.toString() === 'precious'
}
const small = { change: { diskGiB: labSettings.diskGiB }, ...options }

test('a disk on a drive that is not there is missed: no blank one takes its place', async () => {
  await move()
  mark(moved())
  const unmounted = `${elsewhere}-unmounted`
  renameSync(elsewhere, unmounted)
  mkdirSync(elsewhere)
  const again = (await lab.open()).get(machine.id)
  expect(again.life.state.kind).toBe('stopped')
  const missing = { code: 'machine.disk-missing', facts: { path: moved() } }
  await expect(again.start()).rejects.toMatchObject(missing)
  expect(again.life.state).toMatchObject({ kind: 'failed', cause: missing })
  expect(existsSync(moved())).toBe(false)
  await expect(cloneMachine(machines, again, { name: 'twin', ...options })).rejects.toMatchObject(missing)
  rmSync(elsewhere, { recursive: true })
  renameSync(unmounted, elsewhere)
  await again.start()
  expect(await isPrecious(moved())).toBe(true)
})

test('a disk that is gone for good is made anew after a reset', async () => {
  rmSync(machine.files.paths.disk)
  await expect(machine.start()).rejects.toMatchObject({ code: 'machine.disk-missing' })
  await resetMachine(machine, 'lab')
  expect(machine.life.state.kind).toBe('absent')
  await machine.start()
  expect(existsSync(machine.files.paths.disk)).toBe(true)
})

test('a disk that a person moved by hand is found where the settings are led to, and only there', async () => {
  const { disk } = machine.files.paths
  mark(disk)
  mkdirSync(elsewhere)
  const hidden = `${disk}-hidden`
  renameSync(disk, hidden)
  await expect(move()).rejects.toMatchObject({ code: 'machine.disk-missing', facts: { path: disk } })
  expect(machine.settings.diskDir).toBeUndefined()
  renameSync(hidden, moved())
  await move()
  await machine.start()
  expect(await isPrecious(moved())).toBe(true)
})

test('a move whose settings cannot be saved is taken back', async () => {
  const { disk, settings } = machine.files.paths
  mark(disk)
  rmSync(settings)
  mkdirSync(settings)
  await expect(move()).rejects.toThrow()
  rmSync(settings, { recursive: true })
  expect([await isPrecious(disk), existsSync(moved())]).toEqual([true, false])
  expect((await machine.files.settings())?.diskDir).toBeUndefined()
  await editMachine(machines, machine, small)
  await machine.start()
})

test('a move that was cut off before the settings were saved can be made again', async () => {
  const { disk } = machine.files.paths
  mark(disk)
  mkdirSync(dirname(moved()), { recursive: true })
  linkSync(disk, moved())
  await move()
  expect([await isPrecious(moved()), existsSync(disk)]).toEqual([true, false])
})

test('a move to the same folder by another name takes nothing away', async () => {
  await move()
  mark(moved())
  const alias = join(lab.dir, 'alias')
  symlinkSync(elsewhere, alias)
  await editMachine(machines, machine, { change: { diskDir: alias }, ...options })
  expect(machine.settings.diskDir).toBe(alias)
  expect(await isPrecious(moved())).toBe(true)
})

test('a suspended machine goes on with its disk where that was moved to', async () => {
  await machine.start()
  await machine.stop('suspend')
  await move()
  await machine.start()
  expect(machine.describe().boots[0]).toMatchObject({ way: 'resume', outcome: 'running' })
  expect(existsSync(`${moved()}.fake-lock`)).toBe(true)
  expect((await machine.files.started())?.settings.diskDir).toBe(elsewhere)
})

test('a delete does not take the disk from under a machine that was started again meanwhile', async () => {
  await machine.start()
  const removing = removeMachine(machines, machine, 'lab')
  const starting = machine.start()
  await expect(removing).rejects.toMatchObject({ code: 'machine.wrong-state' })
  await starting
  expect(machine.life.state.kind).toBe('running')
  expect(existsSync(machine.files.paths.disk)).toBe(true)
})
