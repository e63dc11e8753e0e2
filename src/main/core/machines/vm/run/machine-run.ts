import { timeLimit } from '../../../platform/time-limit'
import { dirname } from 'node:path'
import type { Duplex } from 'node:stream'
import { AppError, toWire, type WireError } from '../../../../../shared/errors'
import type {
  DegradedReason,
  HostPort,
  MachineId,
  MachineSettings,
  ShareState,
} from '../../../../../shared/model'
import { waitFor } from '../../../platform/wait-for'
import type { RunningVm } from '../backend'
import type { Booted } from '../boot/boot-request'
import type { Companion, CompanionFacts } from '../companion'
import { freeBytes } from '../kept/data-disk'
import type { Guest, OpenGuest } from '../guest'
import { GuestSessions } from '../guest/guest-sessions'
import { heartbeat } from './heartbeat'
import type { Started } from '../kept/machine-files'
import type { MachineLog } from '../kept/machine-log'
import { publicPart } from '../boot/reach'
import { Reasons } from './reasons'

export interface RunDeps {
  readonly id: MachineId
  readonly settings: () => MachineSettings
  readonly openGuest: OpenGuest
  readonly companions: readonly Companion[]
  readonly log: MachineLog
  readonly onReasons: (reasons: readonly DegradedReason[]) => void
  /** Ports or shares have changed. */
  readonly onFacts: () => void
  /** The VM ended, whoever ended it: `exit` says so from now on. */
  readonly onExit: () => void
}

const engineSocket = '/run/docker.sock'
const openMs = 30_000
const clockMs = 10_000
/** How often the host's disk is looked at while a VM stands because of it. */
const roomEveryMs = 5_000
const roomBytes = 64 * 1024 * 1024

/** One machine from its boot to its end: its guest, what can be wrong with it, what runs beside it. */
export class MachineRun {
  readonly #end = new AbortController()
  readonly #reasons: Reasons
  readonly #sessions: GuestSessions
  readonly #facts = new Map<string, CompanionFacts>()
  readonly #undo: (() => void)[] = []
  /** What the guest lives by: what it was started with, and what was made to count since. */
  started: Started
  /** How the VM ended; absent while it lives. */
  exit: { readonly reason?: string } | undefined

  constructor(
    readonly booted: Booted,
    private readonly deps: RunDeps,
  ) {
    const { vm } = booted
    this.started = booted.started
    this.#reasons = new Reasons((reasons) => deps.onReasons(reasons))
    this.#sessions = new GuestSessions({
      open: (signal) => this.#open(signal),
      companions: deps.companions,
      link: { id: deps.id, settings: deps.settings, forwards: vm.forwards },
      onTunnel: (error) => this.#tunnel(error),
      onFacts: (companion, facts) => this.#tell(companion, facts),
      log: deps.log,
      signal: this.#end.signal,
    })
  }

  get reasons(): readonly DegradedReason[] {
    return this.#reasons.list
  }

  get ports(): readonly HostPort[] {
    return [...this.#facts.values()].flatMap(({ ports }) => ports ?? [])
  }

  get shares(): readonly ShareState[] {
    return [...this.#facts.values()].flatMap(({ shares }) => shares ?? [])
  }

  get vm(): RunningVm {
    return this.booted.vm
  }

  /** The guest, or why it is not reached. */
  get guest(): Guest {
    const { guest } = this.#sessions
    if (guest) return guest
    throw new AppError('engine.unreachable', 'The machine is not reached', { facts: { reason: 'tunnel' } })
  }

  async dialEngine(signal: AbortSignal, lane?: 'bulk'): Promise<Duplex> {
    return this.guest.dialUnix(engineSocket, signal, lane)
  }

  /** From now on the run watches over its VM. */
  start(): void {
    const { vm, console, guest, engineError } = this.booted
    const { signal } = this.#end
    this.#undo.push(console.onSaid((said) => this.#reasons.hear(said)))
    if (vm.onEvent) this.#undo.push(vm.onEvent((event) => this.#onVmEvent(event)))
    if (engineError) this.#reasons.set({ kind: 'engine-down', error: toWire(engineError) })
    this.#undo.push(vm.onExit((exit) => this.#onExit(exit)))
    void heartbeat({
      isAlive: (limit) => vm.isAlive(limit),
      onFrozen: (sinceMs) => this.#frozen(sinceMs),
      onClockJumped: () => void this.#setClock(),
      signal,
    })
    this.#sessions.start(guest)
  }

  addReason(reason: DegradedReason): void {
    this.#reasons.set(reason)
  }

  settingsChanged(): void {
    this.#sessions.settingsChanged()
  }

  /** Lets go of ports and shares in order, before the guest is suspended or shut down. */
  endCompanions(): Promise<void> {
    return this.#sessions.end()
  }

  goOn(): Promise<void> {
    return this.#sessions.goOn()
  }

  /** Looks away. The VM itself is the caller's to end or to leave. */
  close(): void {
    this.#end.abort(new AppError('cancelled', 'The machine is being stopped'))
    for (const undo of this.#undo) undo()
    this.booted.console.close()
  }

  #onExit(exit: NonNullable<MachineRun['exit']>): void {
    this.exit = exit
    this.deps.onExit()
  }

  async #open(signal: AbortSignal): Promise<Guest> {
    const { vm, keys } = this.booted
    const limit = timeLimit(signal, openMs)
    const { host, port } = await vm.sshAddress(limit)
    const guest = await this.deps.openGuest(
      { host, port, privateKey: keys.userPrivate, hostKey: publicPart(keys.hostPublic) },
      limit,
    )
    this.deps.log.step('the guest is reached again')
    void this.#setClock(guest)
    return guest
  }

  #tunnel(error: WireError | undefined): void {
    if (error) this.#reasons.set({ kind: 'tunnel-down', error })
    else this.#reasons.clear('tunnel-down')
  }

  #tell(companion: string, facts: CompanionFacts): void {
    this.#facts.set(companion, { ...this.#facts.get(companion), ...facts })
    if (facts.reasons) this.#reasons.setOf(companion, facts.reasons)
    this.deps.onFacts()
  }

  #frozen(sinceMs: number | undefined): void {
    this.deps.log.step(
      sinceMs === undefined ? 'the hypervisor answers again' : 'the hypervisor does not answer',
    )
    if (sinceMs !== undefined) return this.#reasons.set({ kind: 'guest-frozen', sinceMs })
    this.#reasons.clear('guest-frozen')
    void this.#setClock()
  }

  async #setClock(guest = this.#sessions.guest): Promise<void> {
    const signal = timeLimit(this.#end.signal, clockMs)
    try {
      await guest?.run('set-clock', [String(Date.now())], { signal })
    } catch (error) {
      if (!this.#end.signal.aborted) this.deps.log.step('the clock was not set', { error: String(error) })
    }
  }

  #onVmEvent(event: Parameters<Reasons['onVmEvent']>[0]): void {
    const hadRoom = !this.#reasons.list.some(({ kind }) => kind === 'host-disk-full')
    this.#reasons.onVmEvent(event)
    if (event.kind !== 'host-disk-full' || !hadRoom) return
    this.deps.log.step('the disk of this host is full: the machine stands', { path: event.path })
    void this.#goOnWithRoom(event.path)
  }

  /** The guest's write waits inside the hypervisor: once there is room it is done, and nothing was lost. */
  async #goOnWithRoom(path: string): Promise<void> {
    const { signal } = this.#end
    const what = 'room on the disk of this host'
    const hasRoom = async (): Promise<boolean> => (await freeBytes(dirname(path)).catch(() => 0)) > roomBytes
    try {
      await waitFor(hasRoom, { signal, timeoutMs: Infinity, what, everyMs: roomEveryMs })
      await this.booted.vm.resumed(signal)
      this.#reasons.clear('host-disk-full')
      this.deps.log.step('there is room again: the machine goes on')
      await this.#setClock()
    } catch (error) {
      if (!signal.aborted) this.deps.log.step('the machine did not go on', { error: String(error) })
    }
  }
}
