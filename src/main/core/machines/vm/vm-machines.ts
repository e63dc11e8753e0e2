import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import type { Duplex } from 'node:stream'
import { AppError } from '../../../../shared/errors'
import type { Machine, MachineId, MachineSettings, MachineState } from '../../../../shared/model'
import { Emitter } from '../../../../shared/std/emitter'
import { log } from '../../platform/log'
import type { MachinePaths } from '../../platform/paths'
import type { Found, MachineDeps } from './machine-deps'
import { MachineFiles } from './kept/machine-files'
import { checkSettings } from './kept/machine-settings-check'
import { VmMachine } from './vm-machine'

export interface VmMachinesDeps extends MachineDeps {
  /** The folder of all machines. */
  readonly dir: string
  readonly pathsOf: (id: string) => MachinePaths
}

/** All machines of this data folder. */
export class VmMachines {
  readonly #changed = new Emitter<undefined>()
  readonly #machines = new Map<MachineId, VmMachine>()
  #isClosed = false

  private constructor(private readonly deps: VmMachinesDeps) {}

  /** Reads what is on disk. A folder without usable settings is left alone and said in the log. */
  static async open(deps: VmMachinesDeps): Promise<VmMachines> {
    const machines = new VmMachines(deps)
    const names = await readdir(deps.dir).catch(() => [])
    for (const name of names.filter((each) => /^m-[a-z0-9]{1,60}$/.test(each)).sort()) {
      const files = new MachineFiles(deps.pathsOf(name), deps.backends)
      const settings = await files.settings()
      if (settings) machines.#add(await found(name as MachineId, files, settings), files)
      else log.warn('machines', 'a machine without settings was left alone', { folder: files.paths.dir })
    }
    return machines
  }

  get all(): readonly VmMachine[] {
    return [...this.#machines.values()]
  }

  get list(): readonly Machine[] {
    return this.all.map((machine) => machine.describe())
  }

  get backends(): MachineDeps['backends'] {
    return this.deps.backends
  }

  get images(): MachineDeps['images'] {
    return this.deps.images
  }

  /** Something of some machine changed. Returns the undo. */
  onChanged(listener: () => void): () => void {
    return this.#changed.on(() => listener())
  }

  /** What `describe` answers changed elsewhere: the docker context. */
  refresh(): void {
    this.#changed.emit(undefined)
  }

  /** Throws `machine.unknown`. */
  get(id: MachineId): VmMachine {
    const machine = this.#machines.get(id)
    if (machine) return machine
    throw new AppError('machine.unknown', `No machine ${id}`, { facts: { machine: id } })
  }

  /** Writes it down; nothing is made or started yet. Throws `machine.name-taken`. */
  async create(settings: MachineSettings): Promise<VmMachine> {
    checkSettings(settings)
    this.checkName(settings.name)
    const id = `m-${randomBytes(5).toString('hex')}` as MachineId
    const files = new MachineFiles(this.deps.pathsOf(id), this.deps.backends)
    await mkdir(files.paths.dir, { recursive: true, mode: 0o700 })
    await files.saveSettings(settings)
    const machine = this.#add({ id, settings, state: { kind: 'absent' }, boots: [] }, files)
    machine.log.step('made', { name: settings.name })
    return machine
  }

  /** Throws `machine.name-taken` when another machine has it. */
  checkName(name: string, own?: MachineId): void {
    const holder = this.all.find((machine) => machine.settings.name === name && machine.id !== own)
    if (holder) throw new AppError('machine.name-taken', `There is a machine ${name}`, { facts: { name } })
  }

  /** Its folder is gone; the data disk is the caller's. */
  async forget(id: MachineId): Promise<void> {
    const { paths } = this.get(id).files
    this.#machines.delete(id)
    await rm(paths.dir, { recursive: true, force: true })
    await rm(paths.run, { recursive: true, force: true })
    this.refresh()
  }

  /** Takes up what an earlier core left running, then starts what starts with the app. */
  async begin(): Promise<void> {
    await Promise.all(this.all.map((machine) => machine.adopt().catch(() => false)))
    if (this.#isClosed) return
    await this.#removeUnusedImages()
    // Asked to close meanwhile: what would be started now nobody would stop.
    if (this.#isClosed) return
    for (const machine of this.all) {
      const isWanted = machine.settings.startsWithApp && machine.life.state.kind === 'stopped'
      if (isWanted)
        void machine
          .start()
          .catch((error: unknown) => machine.log.step('not started', { error: String(error) }))
    }
  }

  /** A road to the engine of a machine that runs. Throws `engine.unreachable`. */
  dial(id: MachineId, signal: AbortSignal, lane?: 'bulk'): Promise<Duplex> {
    return this.get(id).dialEngine(signal, lane)
  }

  /** Like `dial`, in bulk, for a client of the host: waits for a machine that is asleep or on its way. */
  async dialAwake(id: MachineId, signal: AbortSignal): Promise<Duplex> {
    await this.wake(id)
    return this.dial(id, signal, 'bulk')
  }

  /** Starts a machine that the idle saver has put to sleep; joins a start under way, and undoes none that was given up. */
  async wake(id: MachineId): Promise<void> {
    const machine = this.get(id)
    const isComingUp = machine.life.state.kind === 'starting' && !machine.isGivingUp
    if (machine.isAsleep || isComingUp) await machine.start()
  }

  /** Each machine ends as its settings say; one that cannot be suspended is shut down. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.all.map((machine) => closeOne(machine)))
  }

  async #removeUnusedImages(): Promise<void> {
    const used = await Promise.all(this.all.map((machine) => machine.imageIds()))
    await this.deps.images.removeUnused?.(used.flat()).catch((error: unknown) => {
      log.warn('machines', 'old images stay', { error })
    })
  }

  #add(made: Omit<Found, 'files'>, files: MachineFiles): VmMachine {
    const machine = new VmMachine({ ...made, files }, this.deps)
    this.#machines.set(machine.id, machine)
    machine.onChanged(() => this.refresh())
    this.refresh()
    return machine
  }
}

async function found(
  id: MachineId,
  files: MachineFiles,
  settings: MachineSettings,
): Promise<Omit<Found, 'files'>> {
  const isSuspended = (await files.saved()) !== undefined
  const state: MachineState = (await files.expectsDisk(settings))
    ? { kind: 'stopped', isSuspended, sinceMs: Date.now() }
    : { kind: 'absent' }
  return { id, settings, state, boots: await files.boots() }
}

async function closeOne(machine: VmMachine): Promise<void> {
  const { onQuit } = machine.settings
  if (onQuit === 'keep') return machine.release()
  try {
    await machine.stop(onQuit)
  } catch (error) {
    machine.log.step('not suspended at the end: shut down', { error: String(error) })
    await machine.stop('shutdown')
  }
}
