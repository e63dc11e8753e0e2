import type { WireError } from '../errors'
import type { EngineEvent } from './activity'
import type { EngineId } from './ids'

/** Containers and images of our own have this label, with what they do for a value. */
export const helperLabel = 'io.slipway.helper'

/** Which core made a helper: two people's cores on one engine leave each other's alone. */
export const helperOwnerLabel = 'io.slipway.owner'

/** What the names of helpers begin with: of containers and, but for the colon, of images. */
export const helperName = (does: string): string => `slipway-${does}-`

/**
 * Whether a row is a helper of ours, which lists leave out. The label alone says nothing of a container: it has its
 * image's labels, and any image may have this one. Its name is given by whoever made it.
 */
export function isHelper(row: {
  readonly labels: Readonly<Record<string, string>>
  readonly name?: string
  readonly tags?: readonly string[]
}): boolean {
  const does = Object.hasOwn(row.labels, helperLabel) ? row.labels[helperLabel] : undefined
  if (!does) return false
  if (!row.tags) return row.name?.startsWith(helperName(does)) === true
  return row.tags.length > 0 && row.tags.every((tag) => tag.startsWith(`slipway-${does}:`))
}

/** Whether an event is of a helper: of its container, or of its image, which the engine calls by its id, too. */
export function isHelperEvent({ type, name, attributes }: EngineEvent): boolean {
  if (type !== 'image') return isHelper({ labels: attributes, name })
  if (name.startsWith('sha256:')) return Object.hasOwn(attributes, helperLabel)
  return isHelper({ labels: attributes, tags: [name] })
}

/** How an engine's agent is reached: a service of our machine, a container beside the engine, a child of core. */
export type AgentRoadKind = 'machine' | 'container' | 'child'

/** What about an engine rules an agent out; `image`: what it makes of our image is not what we gave it. */
export type AgentObstacle = 'podman' | 'rootless' | 'old-api' | 'architecture' | 'image'

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
