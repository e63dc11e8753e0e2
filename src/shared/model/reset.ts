import type { DeletePlan } from './machine'

/** What a person types before everything goes. */
export const resetWord = 'reset'

/** What stays on disk after a reset, and why: Slipway itself uses it now, it is not ours, or a link led out to it. */
export interface StayingPath {
  readonly path: string
  readonly why: 'in-use' | 'foreign' | 'link'
}

export interface ResetItem {
  readonly group: 'engine' | 'images' | 'settings' | 'window' | 'logs'
  readonly path: string
  readonly bytes: number
  /** There was no time to count all of it. */
  readonly isAtLeast?: boolean
}

/** One machine with all that is its own, also a disk in a folder that the person chose. */
export interface ResetMachinePlan extends DeletePlan {
  readonly name: string
  /** Its folder with the keys and the rest. */
  readonly folder: string
  /** Its `docker context` and the link at the engine's usual place, where they are. */
  readonly context?: string
  readonly link?: string
}

/** All that a reset takes away, and what of the data folder stays: said before it happens. */
export interface ResetPlan {
  readonly machines: readonly ResetMachinePlan[]
  readonly items: readonly ResetItem[]
  /** What the private engine holds, while it runs. */
  readonly engine?: { readonly containers: number; readonly images: number; readonly volumes: number }
  /** What the settings file remembers beside the settings themselves. */
  readonly settings: { readonly engines: number; readonly agents: number; readonly remembered: number }
  readonly stays: readonly StayingPath[]
}

export interface ResetResult {
  readonly stays: readonly StayingPath[]
}
