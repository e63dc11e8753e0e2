import type { WireError } from '../errors'
import type { EngineId } from './ids'

/** A container or image with this label is a helper of ours: lists leave it out. */
export const helperLabel = 'io.slipway.helper'

/** Which core made a helper: two people's cores on one engine leave each other's alone. */
export const helperOwnerLabel = 'io.slipway.owner'

export const isHelper = ({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean =>
  Object.hasOwn(labels, helperLabel)

/** How an engine's agent is reached: a service of our machine, a container beside the engine, a child of core. */
export type AgentRoadKind = 'machine' | 'container' | 'child'

/** What about an engine rules an agent out. */
export type AgentObstacle = 'podman' | 'rootless' | 'old-api' | 'architecture'

/** What became of the agent of one engine. Without it everything works through the Engine API, slower. */
export type AgentState =
  /** It would run as a privileged container: the person decides first. */
  | { readonly kind: 'unasked' }
  | { readonly kind: 'off'; readonly because: 'declined' | 'not-built' }
  | { readonly kind: 'off'; readonly because: 'unsupported'; readonly why: AgentObstacle }
  | { readonly kind: 'starting'; readonly road: AgentRoadKind }
  | {
      readonly kind: 'running'
      readonly road: AgentRoadKind
      readonly version: string
      /** Methods that this agent serves on this host. */
      readonly features: readonly string[]
      readonly sinceMs: number
    }
  /** Core tries again by itself. */
  | {
      readonly kind: 'failed'
      readonly road: AgentRoadKind
      readonly error: WireError
      readonly nextTryMs: number
    }

/** What the agent costs, since its start. */
export interface AgentCost {
  readonly pid: number
  readonly arch: string
  readonly uptimeMs: number
  readonly cpuMs: number
  readonly rssBytes: number
}

/** One item of `agents.watch`: all engines that are there, each time anything changes. */
export type AgentStates = readonly { readonly engine: EngineId; readonly state: AgentState }[]
