import { timeLimit } from '../../platform/time-limit'
import type { Duplex } from 'node:stream'
import { AppError, toWire } from '../../../../shared/errors'
import type { BootRecord, Machine, MachineId, MachineSettings } from '../../../../shared/model'
import { Emitter } from '../../../../shared/std/emitter'
import { isUp } from '../machine-states'
import type { Backend } from './backend'
import { adopt } from './boot/adopt'
import { boot } from './boot/boot'
import type { BootDeps, Booted } from './boot/boot-request'
import { BootHistory } from './boot/boot-history'
import { linesOf, type BootTimeline } from './boot/boot-timeline'
import type { GuestConsole } from './guest/guest-console'
import type { Guest } from './guest'
import { applyLive } from './run/live-settings'
import type { MachineFiles } from './kept/machine-files'
import type { Found, MachineDeps, StartOptions } from './machine-deps'
import { MachineLife } from './run/machine-life'
import { MachineLog } from './kept/machine-log'
import { MachineRun } from './run/machine-run'
import { describeMachine } from './describe-machine'
import { endOf, endRun, type StopWay } from './run/end-run'

/** One machine of ours. Its starts and stops come one after the other; a stop ends a start under way. */
export class VmMachine {
  readonly id: MachineId
  readonly files: MachineFiles
  readonly log: MachineLog
  readonly life: MachineLife
  readonly #changed = new Emitter<undefined>()
  #settings: MachineSettings
  readonly #history: BootHistory
  #accelerator: Machine['accelerator']
  #run: MachineRun | undefined
  #console: GuestConsole | undefined
  #isAsleep = false
  #start: { readonly end: AbortController; readonly done: Promise<void> } | undefined
  #work: Promise<unknown> = Promise.resolve()

  constructor(
    found: Found,
    private readonly deps: MachineDeps,
  ) {
    this.id = found.id
    this.files = found.files
    this.#settings = found.settings
    this.#history = new BootHistory(found.files, found.boots, {
      onChanged: this.#onRecord,
      ...(deps.deadlines && { deadlines: deps.deadlines }),
    })
    this.life = new MachineLife(found.state)
    this.log = new MachineLog(found.files.paths.log, () => this.#settings.name)
    this.life.onChanged(() => this.tell())
  }

  get settings(): MachineSettings {
    return this.#settings
  }

  /** Suspended by the idle saver, or on its way there: a client of its engine wakes it. */
  get isAsleep(): boolean {
    const { kind } = this.life.state
    return this.#isAsleep && (kind === 'stopping' || kind === 'stopped')
  }

  get isUp(): boolean {
    return isUp(this.life.state.kind)
  }

  /** Present while it is up. */
  get run(): MachineRun | undefined {
    return this.#run
  }

  /** Of the present run, of a start under way, or of the last one. */
  get console(): GuestConsole | undefined {
    return this.#console
  }

  get backend(): Backend {
    const backend = this.deps.backends.find(({ kind }) => kind === this.#settings.backend)
    if (backend) return backend
    const facts = { backend: this.#settings.backend, reason: 'not on this system' }
    throw new AppError('machine.unavailable', `${facts.backend} is not on this system`, { facts })
  }

  /** Subscribes to every change of what `describe` answers and returns the undo. */
  onChanged(listener: () => void): () => void {
    return this.#changed.on(listener)
  }

  tell(): void {
    this.#changed.emit(undefined)
  }

  describe(): Machine {
    const { id, settings, files, life, run } = this
    const [contextState, defaultSocket] = [this.deps.contextState?.(id), this.deps.defaultSocket?.(id)]
    const seen = { boots: this.#history.all, accelerator: this.#accelerator, contextState, defaultSocket }
    return describeMachine({ id, settings, files, life, run, ...seen })
  }

  /** Resolves when it is up; joins a start under way. Throws why it is not, with the state `failed`. */
  start(options: StartOptions = {}): Promise<void> {
    if (this.#start) return this.#start.done
    const end = new AbortController()
    const done = this.queue(() => this.#doStart(end.signal, options)).finally(() => {
      if (this.#start === start) this.#start = undefined
    })
    const start = { end, done }
    this.#start = start
    return done
  }

  /** Resolves when it is down. A start under way is given up first. */
  stop(how: StopWay, signal: AbortSignal = timeLimit(undefined, 600_000)): Promise<void> {
    if (how !== 'suspend') this.#isAsleep = false
    this.#start?.end.abort(new AppError('cancelled', 'The machine is being stopped'))
    return this.queue(() => this.#doStop(how, signal))
  }

  /** Suspends it until somebody wants its engine. */
  async sleep(): Promise<void> {
    this.#isAsleep = true
    this.log.step('nothing has run for a while: it goes to sleep')
    try {
      await this.stop('suspend')
    } catch (error) {
      this.#isAsleep = false
      throw error
    }
  }

  async restart(options: StartOptions = {}): Promise<void> {
    await this.stop('shutdown')
    await this.start({ ...options, isCold: true })
  }

  /** Takes a machine that an earlier core left running. `false`: there is none. */
  adopt(): Promise<boolean> {
    return this.queue(() => this.#doAdopt())
  }

  /** Looks away from a running machine, which goes on. */
  release(): Promise<void> {
    this.#start?.end.abort(new AppError('cancelled', 'Slipway is closing'))
    return this.queue(() => {
      const vm = this.#run?.booted.vm
      this.#close()
      vm?.release()
      return Promise.resolve()
    })
  }

  /** Work that must not meet a start or a stop. */
  queue<T>(step: () => Promise<T>): Promise<T> {
    const next = this.#work.then(step)
    this.#work = next.catch(() => undefined)
    return next
  }

  /** Settings that are checked already; what can count at once does. */
  async setSettings(next: MachineSettings): Promise<void> {
    await this.files.saveSettings(next)
    this.#settings = next
    this.#run?.settingsChanged()
    this.tell()
  }

  /** What it runs on, and what it was suspended with. */
  async imageIds(): Promise<string[]> {
    const [started, saved] = [await this.files.started(), await this.files.saved()]
    return [started?.imageId, saved?.started.imageId].filter((id) => id !== undefined)
  }

  /** The engine's socket on the host could not be served. */
  socketFailed(path: string, error: unknown): void {
    this.#run?.addReason({ kind: 'socket-failed', path, error: toWire(error) })
  }

  dialEngine(signal: AbortSignal, lane?: 'bulk'): Promise<Duplex> {
    const run = this.#run
    if (run) return run.dialEngine(signal, lane)
    const facts = { address: this.#settings.name, reason: this.life.state.kind }
    return Promise.reject(new AppError('engine.unreachable', 'The machine is not running', { facts }))
  }

  /** The guest of a running machine. Throws `machine.wrong-state`, or why it is not reached. */
  get guest(): Guest {
    if (!this.#run) throw this.wrongState()
    return this.#run.guest
  }

  wrongState(): AppError {
    const facts = { name: this.#settings.name, state: this.life.state.kind }
    return new AppError('machine.wrong-state', `${facts.name} is ${facts.state}`, { facts })
  }

  async #doStart(
    signal: AbortSignal,
    { isCold = false, progress = () => undefined }: StartOptions,
  ): Promise<void> {
    signal.throwIfAborted()
    if (this.isUp || !this.life.starting('image')) return
    this.#isAsleep = false
    this.log.step('start')
    const timeline = this.#history.begin('cold')
    try {
      const saved = await this.files.saved()
      if (saved && !isCold) timeline.resumes()
      const onConsole = this.#onConsole
      const asked = { settings: this.#settings, isCold, timeline, signal, progress, onConsole }
      const booted = await boot(this.bootDeps, asked)
      await this.#begin(booted, timeline)
    } catch (error) {
      await this.#failed(error, { timeline, signal })
      throw error
    }
  }

  async #doAdopt(): Promise<boolean> {
    const started = await this.files.started()
    if (!started || this.isUp) return this.isUp
    const timeline = this.#history.begin('adopt')
    const signal = timeLimit(undefined, 300_000)
    try {
      const onFound = (): void => void this.life.starting('process')
      const onConsole = this.#onConsole
      const booted = await adopt(this.bootDeps, { started, timeline, signal, onFound, onConsole })
      if (!booted) return false
      await this.#begin(booted, timeline)
      return true
    } catch (error) {
      await this.#failed(error, { timeline, signal })
      return false
    }
  }

  async #begin(booted: Booted, timeline: BootTimeline): Promise<void> {
    const { vm, started } = booted
    this.#accelerator = vm.accelerator
    const run = new MachineRun(booted, {
      id: this.id,
      settings: () => this.#settings,
      ...{ openGuest: this.deps.openGuest, companions: this.deps.companions, log: this.log },
      onReasons: (reasons) => this.life.reasons(reasons),
      onFacts: () => this.tell(),
      onEnded: (reason) => void this.#onEnded(run, reason),
    })
    this.#run = run
    timeline.finish()
    // Before the state says so: whoever hears of it finds the guest reached.
    run.start()
    this.life.up()
    this.life.reasons(run.reasons)
    this.log.step('running', { way: timeline.record.way, accelerator: vm.accelerator.name })
    await this.#history.save()
    // Settings that were changed while it was suspended, or by an edit that a crash cut off.
    await applyLive({
      from: started.settings,
      to: this.#settings,
      run,
      log: this.log,
      files: this.files,
    }).catch((error: unknown) => this.log.step('some settings do not count yet', { error: String(error) }))
  }

  readonly #onConsole = (console: GuestConsole): void => {
    this.#console = console
    this.tell()
  }

  get bootDeps(): BootDeps {
    const { images, openGuest, newKeyPair } = this.deps
    const { id, files, backend, log } = this
    return { id, files, backend, images, openGuest, newKeyPair, log }
  }

  /** The state follows the stages of a start. */
  readonly #onRecord = ({ stages }: BootRecord): void => {
    const { state } = this.life
    const stage = stages.at(-1)?.name
    if (state.kind === 'starting' && stage && state.stage !== stage) this.life.starting(stage)
    else this.tell()
  }

  async #failed(
    error: unknown,
    { timeline, signal }: { timeline: BootTimeline; signal: AbortSignal },
  ): Promise<void> {
    timeline.fail(error, signal)
    const { stage } = timeline
    this.log.step('the start failed', { stage, error: String(error) })
    const cause = toWire(error, signal)
    if (cause.code === 'cancelled') {
      this.life.stopping('kill')
      await this.#down()
    } else this.life.failed({ stage, cause, lines: linesOf(error) })
    await this.#history.save()
  }

  async #doStop(how: StopWay, signal: AbortSignal): Promise<void> {
    const run = this.#run
    if (!run) {
      if (this.life.stopping('kill')) await this.#down()
      return
    }
    this.life.stopping(how === 'suspend' ? 'suspend' : how === 'kill' ? 'kill' : 'ask')
    this.log.step(`stop: ${how}`)
    try {
      await endRun({ run, life: this.life, deps: this.bootDeps }, how, signal)
    } catch (error) {
      this.life.goesOn()
      this.life.reasons(run.reasons)
      throw error
    }
    this.#close()
    await this.files.saveStarted(undefined)
    await this.#down()
  }

  /** The VM ended while nobody asked it to: in order by its own will, or not. */
  async #onEnded(run: MachineRun, reason: string | undefined): Promise<void> {
    if (this.#run !== run || !this.isUp) return
    const end = endOf(run, reason)
    this.log.step('the machine ended by itself', { reason: reason ?? '', isOrderly: end === 'orderly' })
    if (end === 'orderly') this.life.stopping('ask')
    this.#close()
    if (end !== 'orderly') return void this.life.failed(end)
    await this.files.saveStarted(undefined)
    await this.#down()
  }

  async #down(): Promise<void> {
    const isSuspended = (await this.files.saved()) !== undefined
    this.life.stopped(isSuspended)
    if (!(await this.files.hasDisk(this.#settings))) this.life.emptied()
  }

  #close(): void {
    this.#run?.close()
    this.#run = undefined
  }
}
