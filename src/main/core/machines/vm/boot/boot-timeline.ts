import { toWire } from '../../../../../shared/errors'
import type {
  BootRecord,
  BootStage,
  BootStageName,
  ColdReason,
  MachineBackend,
} from '../../../../../shared/model'

/**
 * How long a stage may take on an accelerated machine, in ms. `image` may be a download, `load` reads as much as
 * the machine has memory; both show progress and can be cancelled.
 */
const deadlines: Readonly<Record<BootStageName, number>> = {
  image: 60 * 60_000,
  disk: 30 * 60_000,
  process: 20_000,
  load: 60_000,
  kernel: 10_000,
  init: 10_000,
  sshd: 10_000,
  tunnel: 20_000,
  engine: 60_000,
}

/**
 * Hyper-V: the first start from an image writes the root's VHDX, a PowerShell comes up and describes the VM, and a
 * disk that is being made smaller is waited for.
 */
const processMs: Partial<Readonly<Record<MachineBackend, number>>> = { hyperv: 10 * 60_000 }

/** An emulated processor is that much slower when the host is busy too. */
const emulatedFactor = 6
const beforeProcess: readonly BootStageName[] = ['image', 'disk']
const guestStages: readonly BootStageName[] = ['load', 'kernel', 'init', 'sshd', 'tunnel', 'engine']

export interface TimelineStart {
  readonly way: BootRecord['way']
  /** Called on each change. */
  readonly onChanged: (record: BootRecord) => void
  readonly clock?: () => number
  /** Other deadlines than the usual: for tests, which must not wait. */
  readonly deadlines?: Deadlines
}

/** In ms, taken as they stand. */
export type Deadlines = Partial<Readonly<Record<BootStageName, number>>>

export const keptBoots = 10

/** The record of one start, stage by stage. */
export class BootTimeline {
  readonly #startedAt: number
  readonly #clock: () => number
  #record: BootRecord
  #isEmulated = false
  #backend: MachineBackend | undefined

  constructor(private readonly options: TimelineStart) {
    this.#clock = options.clock ?? Date.now
    this.#startedAt = this.#clock()
    this.#record = { startedAt: this.#startedAt, way: options.way, stages: [], outcome: 'going' }
  }

  get record(): BootRecord {
    return this.#record
  }

  get stage(): BootStageName {
    return this.#record.stages.at(-1)?.name ?? 'image'
  }

  /** Known once the hypervisor has been asked: deadlines of the guest's stages grow. */
  emulated(isEmulated: boolean): void {
    this.#isEmulated = isEmulated
  }

  /** What starts the machine: some take longer to come up. */
  startedBy(backend: MachineBackend): void {
    this.#backend = backend
  }

  get isEmulated(): boolean {
    return this.#isEmulated
  }

  deadlineMs(stage: BootStageName): number {
    const factor = this.#isEmulated && guestStages.includes(stage) ? emulatedFactor : 1
    const own = stage === 'process' && this.#backend ? processMs[this.#backend] : undefined
    return this.options.deadlines?.[stage] ?? own ?? deadlines[stage] * factor
  }

  /** Ends the stage before it. A stage that is begun again (a second try) begins anew. */
  begin(name: BootStageName): void {
    const nowMs = this.#nowMs
    const before = this.#record.stages
      .filter((stage) => stage.name !== name)
      .map((stage) => ended(stage, nowMs))
    this.#set({ stages: [...before, { name, startedMs: nowMs, deadlineMs: this.deadlineMs(name) }] })
  }

  resumes(): void {
    this.#set({ way: 'resume' })
  }

  /** The resume is given up: the same start goes on as a cold boot. */
  goCold(because: ColdReason): void {
    this.#set({ way: 'cold', coldBecause: because })
  }

  /** What came up so far fell over: the same start goes on with another process. */
  tryAgain(thrown: unknown): void {
    const fell = { stage: this.stage, error: toWire(thrown) }
    const stages = this.#record.stages.filter(({ name }) => beforeProcess.includes(name))
    this.#set({ stages, secondTry: fell })
  }

  finish(): void {
    const stages = this.#record.stages.map((stage) => ended(stage, this.#nowMs))
    this.#set({ stages, outcome: 'running' })
  }

  /** The stage that goes on stays open: it is the one that failed. */
  fail(thrown: unknown, signal: AbortSignal): void {
    const error = toWire(thrown, signal)
    this.#set({ outcome: error.code === 'cancelled' ? 'cancelled' : 'failed', error })
  }

  get #nowMs(): number {
    return this.#clock() - this.#startedAt
  }

  #set(change: Partial<BootRecord>): void {
    this.#record = { ...this.#record, ...change }
    this.options.onChanged(this.#record)
  }
}

const ended = (stage: BootStage, nowMs: number): BootStage =>
  stage.endedMs === undefined ? { ...stage, endedMs: nowMs } : stage

const consoleLines = new WeakMap<object, readonly string[]>()

/** Keeps with a failure what the console said last: the process and its console are gone by then. */
export function withLines(thrown: unknown, lines: readonly string[]): unknown {
  if (typeof thrown === 'object' && thrown !== null) consoleLines.set(thrown, lines)
  return thrown
}

export const linesOf = (thrown: unknown): readonly string[] =>
  (typeof thrown === 'object' && thrown !== null && consoleLines.get(thrown)) || []
