import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../../../shared/errors'
import type { DeletePlan, MachineId, MachineSettings, Progress, Snapshot } from '../../../../../shared/model'
import { writeAtomic } from '../../../platform/atomic-file'
import { copyDisk, hostBytes, moveDisk, type CopyOptions } from './data-disk'
import { forgetVm } from './forget-vm'
import { applyLive } from '../run/live-settings'
import { changed, needsRestart, type SettingsChange } from './machine-settings-check'
import type { VmMachine } from '../vm-machine'
import type { VmMachines } from '../vm-machines'

export interface WorkOptions {
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** Changes settings; what can count at once does. Throws before anything is saved. */
export async function editMachine(
  machines: VmMachines,
  machine: VmMachine,
  { change, ...options }: { change: SettingsChange } & WorkOptions,
): Promise<{ needsRestart: boolean }> {
  return machine.queue(async () => {
    const before = machine.settings
    const next = changed(before, change)
    machines.checkName(next.name, machine.id)
    if (next.diskDir !== before.diskDir) await moveTo(machine, next, options)
    const { run, log, files } = machine
    if (run) await applyLive({ from: before, to: next, run, log, files })
    await machine.setSettings(next)
    return { needsRestart: run !== undefined && needsRestart(next, run.started.settings) }
  })
}

function without<T extends object, K extends keyof T>(whole: T, key: K): Omit<T, K> {
  const rest: Partial<T> = { ...whole }
  delete rest[key]
  return rest as Omit<T, K>
}

async function moveTo(machine: VmMachine, next: MachineSettings, options: CopyOptions): Promise<void> {
  mustRest(machine)
  const { files, settings, log } = machine
  const [from, to] = [files.diskPath(settings), files.diskPath(next)]
  if (!(await files.hasDisk(settings))) return
  if (machine.backend.forget) {
    // What the hypervisor itself keeps names the old place, and is nobody's to change.
    await forgetVm(machine)
    await files.dropSaved()
    if (machine.life.state.kind === 'stopped') atRest(machine)
  }
  await moveDisk(from, to, options)
  // A saved state names the old place.
  const saved = await files.saved()
  if (saved) {
    const place = next.diskDir === undefined ? {} : { diskDir: next.diskDir }
    const rest = without(saved.started.settings, 'diskDir')
    await files.saveSaved({ ...saved, started: { ...saved.started, settings: { ...rest, ...place } } })
  }
  log.step('data disk moved', { to })
}

/** Throws `machine.wrong-state` for a machine whose disk is in use. */
function mustRest(machine: VmMachine): void {
  const { kind } = machine.life.state
  if (kind !== 'stopped' && kind !== 'absent' && kind !== 'failed') throw machine.wrongState()
}

/** All that a delete takes, with its size. What the engine holds is known while it runs only. */
export async function deletePlan(
  machine: VmMachine,
  counts: { containers: number; images: number; volumes: number } | undefined,
): Promise<DeletePlan> {
  const { files } = machine
  const { paths } = files
  const logs = [paths.log, `${paths.log}.1`, paths.console, paths.consoleBefore, paths.hypervisorLog]
  const items = [
    { what: 'disk' as const, path: files.diskPath(machine.settings) },
    ...(await snapshots(machine)).map(({ name }) => ({
      what: 'snapshot' as const,
      path: files.snapshotPath(name, machine.settings),
    })),
    { what: 'state' as const, path: paths.state },
    ...logs.map((path) => ({ what: 'logs' as const, path })),
    { what: 'settings' as const, path: paths.settings },
  ]
  const sized = await Promise.all(items.map(async (item) => ({ ...item, bytes: await hostBytes(item.path) })))
  return { items: sized.filter(({ bytes }) => bytes > 0), ...counts }
}

/** Ends it and takes away all that is its own. Throws `machine.name-differs`. */
export async function removeMachine(
  machines: VmMachines,
  machine: VmMachine,
  typedName: string,
): Promise<void> {
  mustBeNamed(machine, typedName)
  await machine.stop('kill')
  await machine.queue(async () => {
    await forgetVm(machine)
    await rm(machine.files.diskPath(machine.settings), { force: true })
    await machines.forget(machine.id)
  })
}

/** A fresh disk; settings, keys and snapshots stay. Throws `machine.name-differs`. */
export async function resetMachine(machine: VmMachine, typedName: string): Promise<void> {
  mustBeNamed(machine, typedName)
  await machine.stop('kill')
  await machine.queue(async () => {
    mustRest(machine)
    const { files } = machine
    await forgetVm(machine)
    await files.dropSaved()
    await files.saveStarted(undefined)
    await rm(files.diskPath(machine.settings), { force: true })
    machine.life.emptied()
    machine.log.step('reset')
  })
}

function mustBeNamed({ settings }: VmMachine, typedName: string): void {
  if (settings.name === typedName) return
  const facts = { name: settings.name }
  throw new AppError('machine.name-differs', 'That is not the name of the machine', { facts })
}

/** Another machine with a copy of the disk; its keys and its name are its own. The first must not run. */
export async function cloneMachine(
  machines: VmMachines,
  machine: VmMachine,
  { name, ...options }: { name: string } & WorkOptions,
): Promise<MachineId> {
  return machine.queue(async () => {
    mustRest(machine)
    mustNotBeSuspended(machine)
    machines.checkName(name)
    const copy = await machines.create({ ...without(machine.settings, 'diskDir'), name })
    try {
      if (await machine.files.hasDisk(machine.settings))
        await copyDisk(machine.files.diskPath(machine.settings), copy.files.diskPath(copy.settings), options)
    } catch (error) {
      await machines.forget(copy.id)
      throw error
    }
    if (await copy.files.hasDisk(copy.settings)) atRest(copy)
    return copy.id
  })
}

const atRest = ({ life }: VmMachine): void =>
  void life.refresh({ kind: 'stopped', isSuspended: false, sinceMs: Date.now() })

/** A disk of a suspended machine is that of a machine in mid-air: its memory holds what the disk lacks. */
function mustNotBeSuspended(machine: VmMachine): void {
  const { state } = machine.life
  if (state.kind === 'stopped' && state.isSuspended) throw machine.wrongState()
}

/** The newest first. */
export async function snapshots({ files, settings }: VmMachine): Promise<Snapshot[]> {
  const names = await readdir(files.paths.snapshots).catch(() => [])
  const all = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (file) => {
        const name = file.slice(0, -'.json'.length)
        const path = files.snapshotPath(name, settings)
        const text = await readFile(join(files.paths.snapshots, file), 'utf8').catch(() => '{}')
        const isThere = await stat(path).catch(() => undefined)
        return isThere ? [{ name, takenAt: takenAt(text), hostBytes: await hostBytes(path) }] : []
      }),
  )
  return all.flat().sort((a, b) => b.takenAt - a.takenAt)
}

function takenAt(text: string): number {
  try {
    return Number((JSON.parse(text) as { takenAt?: number }).takenAt) || 0
  } catch {
    return 0
  }
}

/** A copy of the data disk of a machine at rest. Throws `object.conflict` for a name in use. */
export async function takeSnapshot(machine: VmMachine, name: string, options: WorkOptions): Promise<void> {
  await machine.queue(async () => {
    mustRest(machine)
    mustNotBeSuspended(machine)
    const { files, settings, log } = machine
    if (!(await files.hasDisk(settings))) throw machine.wrongState()
    if ((await snapshots(machine)).some((each) => each.name === name))
      throw new AppError('object.conflict', `There is a snapshot ${name}`, { facts: { name } })
    await mkdir(files.paths.snapshots, { recursive: true, mode: 0o700 })
    await copyDisk(files.diskPath(settings), files.snapshotPath(name, settings), options)
    const text = JSON.stringify({ takenAt: Date.now(), diskGiB: settings.diskGiB })
    await writeAtomic(join(files.paths.snapshots, `${name}.json`), `${text}\n`)
    log.step('snapshot taken', { name })
  })
}

/** Puts the disk back as it was. The present one goes, and a saved state of it with it. */
export async function restoreSnapshot(machine: VmMachine, name: string, options: WorkOptions): Promise<void> {
  await machine.queue(async () => {
    mustRest(machine)
    await mustHave(machine, name)
    const { files, settings, log } = machine
    await forgetVm(machine)
    await files.dropSaved()
    await files.saveStarted(undefined)
    await copyDisk(files.snapshotPath(name, settings), files.diskPath(settings), options)
    if (machine.life.state.kind !== 'failed') atRest(machine)
    log.step('snapshot restored', { name })
  })
}

export async function removeSnapshot(machine: VmMachine, name: string): Promise<void> {
  await mustHave(machine, name)
  await rm(join(machine.files.paths.snapshots, `${name}.json`), { force: true })
  await rm(machine.files.snapshotPath(name, machine.settings), { force: true })
  machine.log.step('snapshot deleted', { name })
}

async function mustHave(machine: VmMachine, name: string): Promise<void> {
  if ((await snapshots(machine)).some((each) => each.name === name)) return
  throw new AppError('object.not-found', `No snapshot ${name}`, { facts: { name } })
}
