import type { DegradedReason } from '../../../../../shared/model'
import { AppError } from '../../../../../shared/errors'
import type { VmEvent } from '../backend'
import type { Said } from '../guest/marks'

type Kind = DegradedReason['kind']

/** Why a running machine is not all well: one reason of a kind from itself, and what its companions say. */
export class Reasons {
  readonly #own = new Map<Kind, DegradedReason>()
  readonly #others = new Map<string, readonly DegradedReason[]>()

  constructor(private readonly onChanged: (reasons: readonly DegradedReason[]) => void) {}

  get list(): readonly DegradedReason[] {
    return [...this.#own.values(), ...[...this.#others.values()].flat()]
  }

  set(reason: DegradedReason): void {
    if (JSON.stringify(this.#own.get(reason.kind)) === JSON.stringify(reason)) return
    this.#own.set(reason.kind, reason)
    this.onChanged(this.list)
  }

  clear(...kinds: Kind[]): void {
    const had = kinds.filter((kind) => this.#own.delete(kind))
    if (had.length > 0) this.onChanged(this.list)
  }

  /** What one companion says, whole. */
  setOf(companion: string, reasons: readonly DegradedReason[]): void {
    const had = this.#others.get(companion) ?? []
    if (JSON.stringify(had) === JSON.stringify(reasons)) return
    this.#others.set(companion, reasons)
    this.onChanged(this.list)
  }

  /** What the guest said on its console. */
  hear(said: Said): void {
    if (said.kind === 'mark' && said.mark === 'engine') this.clear('engine-down', 'out-of-memory')
    if (said.kind !== 'fault') return
    const { fault, details } = said
    if (fault === 'oom') this.set({ kind: 'out-of-memory', process: details.slice(0, 100) })
    if (fault === 'disk-full') this.#disk(Number.parseInt(details, 10) || 0)
    if (fault === 'engine-exited' || fault === 'disk-mount' || fault === 'config')
      this.set({ kind: 'engine-down', error: wire(engineDown(fault, details)) })
  }

  /** What the hypervisor told. */
  onVmEvent(event: VmEvent): void {
    if (event.kind === 'host-disk-full') this.set({ kind: 'host-disk-full', path: event.path })
    if (event.kind === 'went-on') this.clear('host-disk-full')
  }

  /** Free again is said like full: with the bytes. */
  #disk(freeBytes: number): void {
    if (freeBytes >= roomAgainBytes) this.clear('disk-full')
    else this.set({ kind: 'disk-full', freeBytes })
  }
}

/** The guest says `disk-full` with what is free, and once more when there is room again. */
const roomAgainBytes = 512 * 1024 * 1024

const engineDown = (what: string, details: string): AppError =>
  new AppError('engine.unreachable', 'The engine of the machine is not up', {
    facts: { detail: `${what} ${details}`.trim().slice(0, 500) },
  })

const wire = ({ code, message, facts }: AppError) => ({ code, message, facts })
