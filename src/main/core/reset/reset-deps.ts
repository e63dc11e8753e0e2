import type { DeletePlan } from '../../../shared/model'
import type { Progress, ResetPlan, ResetResult } from '../../../shared/model'
import type { Paths } from '../platform/paths'

/** A machine of this data folder, as a reset sees it. */
export interface ResetMachine {
  readonly id: string
  readonly name: string
  readonly plan: () => Promise<DeletePlan>
  /** Its `docker context` and the link at the engine's usual place, where they are and are its own. */
  readonly roads: () => Promise<{ readonly context?: string; readonly link?: string }>
  /** Ends it at once. */
  readonly kill: () => Promise<void>
  /** Takes it away with its disk, wherever that is, and its whole folder. */
  readonly remove: () => Promise<void>
  /** Takes away what leads to it from outside the data folder. */
  readonly removeRoads: () => Promise<void>
}

export interface ResetDeps {
  readonly paths: Paths
  readonly machines: () => readonly ResetMachine[]
  /** What the private engine holds, while it runs. */
  readonly engineHolds: () => ResetPlan['engine']
  /** Ends the private engine, and does the work while it cannot start. */
  readonly withoutEngine: (work: () => Promise<void>) => Promise<void>
  readonly remembered: () => ResetPlan['settings']
  /** Defaults, and no file. */
  readonly forgetSettings: () => Promise<void>
  /** Begins as a core does that has just been started. */
  readonly beginAgain: () => void
  /** Does the work as a task that nobody cancels. */
  readonly asTask: (work: ResetWork) => Promise<ResetResult>
}

export type ResetWork = (run: {
  /** Aborts when core ends. */
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}) => Promise<ResetResult>
