import type { MachineId } from '../../../../../shared/model'
import { log } from '../../../platform/log'
import type { VmMachine } from '../vm-machine'

/** How often machines are looked at, and what says how long they have been idle. */
export interface IdleClock {
  /** In ms. Default: the system's. */
  readonly now?: () => number
  readonly everyMs?: number
}

export interface IdleDeps extends IdleClock {
  readonly machines: () => readonly VmMachine[]
  /** Whether anything runs, is built, pulled or talked to in it. Not knowing is busy. */
  readonly isBusy: (id: MachineId) => Promise<boolean>
}

const defaultEveryMs = 20_000
const minuteMs = 60_000

/**
 * Puts machines to sleep in which nothing has happened for as long as their settings say. There is no timer while
 * no machine that wants it is up.
 */
export class IdleSaver {
  readonly #idleSince = new Map<MachineId, number>()
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly deps: IdleDeps) {}

  /** To be called when a machine came up, went down or was edited. */
  sync(): void {
    const isWanted = this.deps.machines().some(wantsSleep)
    if (isWanted && !this.#timer)
      this.#timer = setInterval(() => void this.look(), this.deps.everyMs ?? defaultEveryMs)
    if (isWanted) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#idleSince.clear()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** One look at all of them. */
  async look(): Promise<void> {
    const machines = this.deps.machines().filter(wantsSleep)
    for (const id of [...this.#idleSince.keys()])
      if (!machines.some((machine) => machine.id === id)) this.#idleSince.delete(id)
    await Promise.all(machines.map((machine) => this.#lookAt(machine)))
  }

  async #lookAt(machine: VmMachine): Promise<void> {
    const { id, settings } = machine
    const nowMs = (this.deps.now ?? Date.now)()
    const isBusy = await this.deps.isBusy(id).catch(() => true)
    if (isBusy) return void this.#idleSince.delete(id)
    const sinceMs = this.#idleSince.get(id) ?? nowMs
    this.#idleSince.set(id, sinceMs)
    if (nowMs - sinceMs < settings.idleMinutes * minuteMs) return
    this.#idleSince.delete(id)
    await machine
      .sleep()
      .catch((error: unknown) => log.info('machines', 'not put to sleep', { machine: id, error }))
  }
}

const wantsSleep = (machine: VmMachine): boolean => machine.settings.idleMinutes > 0 && machine.isUp
