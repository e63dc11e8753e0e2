import type { WireError } from '../../../../../shared/errors'
import type { BootStageName, DegradedReason, MachineState, StopStageName } from '../../../../../shared/model'
import { Emitter } from '../../../../../shared/std/emitter'
import { after, isUp, type Move } from '../../machine-states'

export interface Failure {
  readonly stage: BootStageName | 'running' | 'stopping'
  readonly cause: WireError
  readonly lines: readonly string[]
}

/** Where a machine stands. It only moves as `machine-states.ts` allows; a refused move answers `false`. */
export class MachineLife {
  readonly #changed = new Emitter<MachineState>()

  constructor(
    private now: MachineState,
    private readonly clock: () => number = Date.now,
  ) {}

  get state(): MachineState {
    return this.now
  }

  /** Subscribes to every new state and returns the undo. */
  onChanged(listener: (state: MachineState) => void): () => void {
    return this.#changed.on(listener)
  }

  /** Begins a start, or goes on with its next stage. */
  starting(stage: BootStageName): boolean {
    const sinceMs = this.now.kind === 'starting' ? this.now.sinceMs : this.clock()
    const next = { kind: 'starting', stage, sinceMs } as const
    return this.now.kind === 'starting' ? this.#set(next) : this.#move('start', next)
  }

  up(): boolean {
    return this.#move('up', { kind: 'running', sinceMs: this.clock() })
  }

  /** What does not work while it runs; none: all is well. */
  reasons(reasons: readonly DegradedReason[]): boolean {
    if (!isUp(this.now.kind)) return false
    const sinceMs = this.now.kind === 'degraded' && reasons.length > 0 ? this.now.sinceMs : this.clock()
    if (reasons.length > 0) return this.#move('degrade', { kind: 'degraded', reasons, sinceMs })
    return this.#move('mend', { kind: 'running', sinceMs })
  }

  /** Begins a stop, or goes on to the ladder's next rung. */
  stopping(stage: StopStageName): boolean {
    const sinceMs = this.now.kind === 'stopping' ? this.now.sinceMs : this.clock()
    const next = { kind: 'stopping', stage, sinceMs } as const
    return this.now.kind === 'stopping' ? this.#set(next) : this.#move('stop', next)
  }

  stopped(isSuspended: boolean): boolean {
    return this.#move('down', { kind: 'stopped', isSuspended, sinceMs: this.clock() })
  }

  /** A stop did not come about: it goes on as before. */
  goesOn(): boolean {
    return this.#move('keep', { kind: 'running', sinceMs: this.clock() })
  }

  failed(failure: Failure): boolean {
    const move: Move = isUp(this.now.kind) ? 'die' : 'fail'
    return this.#move(move, { kind: 'failed', ...failure, sinceMs: this.clock() })
  }

  emptied(): boolean {
    return this.#move('empty', { kind: 'absent' })
  }

  /** What else is known of a machine that is stopped: a state was dropped, a disk was put there. */
  refresh(state: Extract<MachineState, { kind: 'stopped' | 'absent' }>): boolean {
    const isAtRest = this.now.kind === 'stopped' || this.now.kind === 'absent'
    return isAtRest && this.#set(state)
  }

  #move(move: Move, state: MachineState): boolean {
    return after(this.now.kind, move) === state.kind && this.#set(state)
  }

  #set(state: MachineState): true {
    this.now = state
    this.#changed.emit(state)
    return true
  }
}
