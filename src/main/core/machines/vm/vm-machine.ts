import { timeLimit } from '../../platform/time-limit'
import type { Duplex } from 'node:stream'
import { AppError, toWire } from '../../../../shared/errors'
import type { BootRecord, Machine, MachineId, MachineSettings } from '../../../../shared/model'
import { Emitter } from '../../../../shared/std/emitter'
import { isUp } from '../machine-states'
import type { Backend } from './backend'
import type { BootDeps, Booted } from './boot/boot-request'
import { BootHistory } from './boot/boot-history'
import type { BootTimeline } from './boot/boot-timeline'
import { comeUp, takeUp, type ComingUp } from './boot/come-up'
import type { GuestConsole } from './guest/guest-console'
import type { Guest } from './guest'
import { applyLive } from './run/live-settings'
import type { MachineFiles } from './kept/machine-files'
import type { Found, MachineDeps, StartOptions } from './machine-deps'
import { MachineLife } from './run/machine-life'
import { MachineLog } from './kept/machine-log'
import { MachineRun } from './run/machine-run'
import { describeMachine } from './describe-machine'
import { endOf, endRun, endStray, type StopWay } from './run/end-run'
import { Turns } from './turns'

const stopMs = 600_000

/**
 * One machine of ours. Its starts and stops come one after the other; a stop ends a start under way, and a kill ends
 * whatever is under way.
 */
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
  readonly #turns = new Turns()

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
    const backend = this.#backend
    if (backend) return backend
    const facts = { backend: this.#settings.backend, reason: 'not on this system' }
    throw new AppError('machine.unavailable', `${facts.backend} is not on this system`, { facts })
  }

  get #backend(): Backend | undefined {
    return this.deps.backends.find(({ kind }) => kind === this.#settings.backend)
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

  /**
   * Resolves when it is up; joins a start under way, unless that was given up: then it comes after it. Throws why it
   * is not, with the state `failed`.
   */
  start(options: StartOptions = {}): Promise<void> {
    if (this.#start && !this.isGivingUp) return this.#start.done
    const end = new AbortController()
    const step = (signal: AbortSignal): Promise<void> => this.#doStart(signal, options)
    const done = this.#turns.take(step, end.signal).finally(() => {
      if (this.#start === start) this.#start = undefined
    })
    const start = { end, done }
    this.#start = start
    return done
  }

  /** A start was given up, and what it began is being taken away. */
  get isGivingUp(): boolean {
    return this.#start?.end.signal.aborted ?? false
  }

  /** Ends a start under way, or one that waits; whoever waits for it hears `cancelled`. */
  giveUpStart(why = 'The start was given up'): void {
    this.#start?.end.abort(new AppError('cancelled', why))
  }

  /** Resolves when it is down. A start under way is given up first; a kill waits for nothing. */
  stop(how: StopWay): Promise<void> {
    if (how !== 'suspend') this.#isAsleep = false
    const why = 'The machine is being stopped'
    this.giveUpStart(why)
    if (how !== 'kill') return this.#turns.take((signal) => this.#doStop(how, signal))
    const run = this.#run
    // Said before the VM goes: an end that was asked for is no failure.
    if (run) this.life.stopping('kill')
    const killed = this.#turns.cutIn(new AppError('cancelled', why), () => this.#doStop('kill'))
    // What is cut short may wait for the VM: its end ends the wait.
    void run?.vm.kill().catch(() => undefined)
    return killed
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

  /** Given up by its signal before the start it stays down; the start itself ends with `giveUpStart`. */
  async restart(options: StartOptions = {}, signal?: AbortSignal): Promise<void> {
    await this.stop('shutdown')
    signal?.throwIfAborted()
    await this.start({ ...options, isCold: true })
  }

  /** Takes a machine that an earlier core left running. `false`: there is none. */
  adopt(): Promise<boolean> {
    return this.#turns.take(async (signal) => {
      if (this.isUp || !this.#backend) return this.isUp
      return takeUp(this.#comingUp, signal)
    })
  }

  /** Looks away from a running machine, which goes on. */
  release(): Promise<void> {
    this.giveUpStart('Slipway is closing')
    return this.#turns.take(() => {
      const vm = this.#run?.booted.vm
      this.#close()
      vm?.release()
      return Promise.resolve()
    })
  }

  /** Work that must not meet a start or a stop. Its signal ends with `outer`, or when the machine is killed. */
  queue<T>(step: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
    return this.#turns.take(step, outer)
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

  async #doStart(signal: AbortSignal, options: StartOptions): Promise<void> {
    if (this.isUp || !this.life.starting('image')) return
    this.#isAsleep = false
    await comeUp(this.#comingUp, options, signal)
  }

  get #comingUp(): ComingUp {
    return {
      ...{ settings: this.#settings, life: this.life, history: this.#history, log: this.log },
      deps: () => this.bootDeps,
      onConsole: this.#onConsole,
      begin: (booted, timeline) => this.#begin(booted, timeline),
      down: () => this.#down(),
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
      onExit: () => void this.#onExit(run),
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

  async #doStop(how: StopWay, turn?: AbortSignal): Promise<void> {
    const run = this.#run
    if (!run) {
      if (how === 'kill' && this.#backend)
        await endStray(this.bootDeps, this.#settings, timeLimit(turn, stopMs))
      if (this.life.stopping('kill')) await this.#down()
      return
    }
    this.life.stopping(how === 'suspend' ? 'suspend' : how === 'kill' ? 'kill' : 'ask')
    this.log.step(`stop: ${how}`)
    try {
      await endRun({ run, life: this.life, deps: this.bootDeps }, how, timeLimit(turn, stopMs))
    } catch (error) {
      // Cut short by a kill: that one ends it, and says so.
      if (!turn?.aborted) await this.#notStopped(run)
      throw error
    }
    this.#close()
    await this.files.saveStarted(undefined)
    await this.#down()
  }

  /** A stop did not come about: the machine goes on, unless its VM ended in the middle of it. */
  async #notStopped(run: MachineRun): Promise<void> {
    if (run.exit) return this.#ended(run)
    this.life.goesOn()
    this.life.reasons(run.reasons)
  }

  /** The VM ended. A stop under way sees that itself. */
  async #onExit(run: MachineRun): Promise<void> {
    if (this.#run === run && this.isUp) await this.#ended(run)
  }

  /** It ended while nobody asked it to: in order by its own will, or not. */
  async #ended(run: MachineRun): Promise<void> {
    const end = endOf(run)
    this.log.step('the machine ended by itself', {
      reason: run.exit?.reason ?? '',
      isOrderly: end === 'orderly',
    })
    if (end === 'orderly') this.life.stopping('ask')
    this.#close()
    if (end !== 'orderly') return void this.life.failed(end)
    await this.files.saveStarted(undefined)
    await this.#down()
  }

  async #down(): Promise<void> {
    const isSuspended = (await this.files.saved()) !== undefined
    this.life.stopped(isSuspended)
    if (!(await this.files.expectsDisk(this.#settings))) this.life.emptied()
  }

  #close(): void {
    this.#run?.close()
    this.#run = undefined
  }
}
