import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../../../shared/errors'
import type { DeletePlan, MachineId, MachineSettings, Progress, Snapshot } from '../../../../../shared/model'
import { writeAtomic } from '../../../platform/atomic-file'
import { copyDisk, dropName, hostBytes, placeDisk, type CopyOptions } from './data-disk'
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
  return machine.queue(async (signal) => {
    const before = machine.settings
    const next = changed(before, change)
    machines.checkName(next.name, machine.id)
    if (next.diskDir !== before.diskDir) mustRest(machine)
    const { run, log, files } = machine
    if (run) await applyLive({ from: before, to: next, run, log, files })
    if (next.diskDir === before.diskDir) await machine.setSettings(next)
    else await moveTo(machine, next, { ...options, signal })
    return { needsRestart: run !== undefined && needsRestart(next, run.started.settings) }
  }, options.signal)
}

function without<T extends object, K extends keyof T>(whole: T, key: K): Omit<T, K> {
  const rest: Partial<T> = { ...whole }
  delete rest[key]
  return rest as Omit<T, K>
}

/** The new place has the disk before the settings name it, and the old one until they do. */
async function moveTo(machine: VmMachine, next: MachineSettings, options: CopyOptions): Promise<void> {
  const { files, settings, log } = machine
  const [from, to] = [files.diskPath(settings), files.diskPath(next)]
  // Not there: a person has moved it by hand, or it is not made yet.
  if (!(await files.hasDisk(settings))) {
    if (!(await files.hasDisk(next))) await files.checkDisk(settings)
    return machine.setSettings(next)
  }
  if (from === to) return machine.setSettings(next)
  if (machine.backend.forget) {
    // What the hypervisor itself keeps names the old place, and is nobody's to change.
    await forgetVm(machine)
    await files.dropSaved()
    if (machine.life.state.kind === 'stopped') atRest(machine)
  }
  await placeDisk(from, to, options)
  try {
    await machine.setSettings(next)
  } catch (error) {
    // What the file says counts.
    if ((await files.settings())?.diskDir === settings.diskDir) await dropName(to, from)
    throw error
  }
  await dropName(from, to)
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
    // Started again meanwhile.
    mustRest(machine)
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
    await files.saveDiskMade(false)
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
  return machine.queue(async (signal) => {
    mustRest(machine)
    mustNotBeSuspended(machine)
    await machine.files.checkDisk(machine.settings)
    machines.checkName(name)
    const copy = await machines.create({ ...without(machine.settings, 'diskDir'), name })
    try {
      if (await machine.files.hasDisk(machine.settings)) {
        const [from, to] = [machine, copy].map(({ files, settings }) => files.diskPath(settings))
        await copyDisk(from as string, to as string, { ...options, signal })
        await copy.files.saveDiskMade(true)
        atRest(copy)
      }
    } catch (error) {
      await machines.forget(copy.id)
      throw error
    }
    return copy.id
  }, options.signal)
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
  await machine.queue(async (signal) => {
    mustRest(machine)
    mustNotBeSuspended(machine)
    const { files, settings, log } = machine
    await files.checkDisk(settings)
    if (!(await files.hasDisk(settings))) throw machine.wrongState()
    if ((await snapshots(machine)).some((each) => each.name === name))
      throw new AppError('object.conflict', `There is a snapshot ${name}`, { facts: { name } })
    await mkdir(files.paths.snapshots, { recursive: true, mode: 0o700 })
    await copyDisk(files.diskPath(settings), files.snapshotPath(name, settings), { ...options, signal })
    const text = JSON.stringify({ takenAt: Date.now(), diskGiB: settings.diskGiB })
    await writeAtomic(join(files.paths.snapshots, `${name}.json`), `${text}\n`)
    log.step('snapshot taken', { name })
  }, options.signal)
}

/** Puts the disk back as it was. The present one goes, and a saved state of it with it. */
export async function restoreSnapshot(machine: VmMachine, name: string, options: WorkOptions): Promise<void> {
  await machine.queue(async (signal) => {
    mustRest(machine)
    await mustHave(machine, name)
    const { files, settings, log } = machine
    await forgetVm(machine)
    await files.dropSaved()
    await files.saveStarted(undefined)
    await copyDisk(files.snapshotPath(name, settings), files.diskPath(settings), { ...options, signal })
    await files.saveDiskMade(true)
    if (machine.life.state.kind !== 'failed') atRest(machine)
    log.step('snapshot restored', { name })
  }, options.signal)
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
