import type { Facts, WireError } from '../errors'
import type { EngineId, TaskId } from './ids'

/** What a task does, by contract name: `images.pull`, `containers.stop`. The window words it. */
export type TaskKind = string

export type TaskState = 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted'

/** Progress of one part of a task: a layer of a pull, an image of a load. */
export interface TaskPart {
  readonly id: string
  /** The engine's word: `Downloading`, `Extracting`, `Pull complete`. */
  readonly status: string
  readonly doneBytes?: number
  readonly totalBytes?: number
}

/** One action and how it goes: quick ones too, so that Activity is the whole truth. */
export interface Task {
  readonly id: TaskId
  readonly kind: TaskKind
  readonly engine?: EngineId
  /** What it is about, in the person's words: a name or a reference. */
  readonly subject: string
  readonly state: TaskState
  readonly startedAtMs: number
  readonly endedAtMs?: number
  readonly error?: WireError
  /** The equal `docker` command, ready to paste. */
  readonly command: string
  readonly canCancel: boolean
  readonly doneBytes?: number
  readonly totalBytes?: number
  readonly bytesPerSecond?: number
  readonly parts: readonly TaskPart[]
  /** The last line that the engine said. */
  readonly note?: string
  /** What came of it: `{ id, reclaimedBytes }`. */
  readonly result?: Facts
}

/** How far a long task is: what a service tells while it works. Absent fields keep their last value. */
export interface Progress {
  readonly doneBytes?: number
  readonly totalBytes?: number
  /** Replaces the parts with the same ids, adds the others. */
  readonly parts?: readonly TaskPart[]
  readonly note?: string
}

/** One event of an engine, as it came. */
export interface EngineEvent {
  readonly engine: EngineId
  readonly atMs: number
  readonly type: string
  readonly action: string
  readonly id: string
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

/** The activity feed: first the state kept by core, then what changes. A reader that fell behind gets `all` again. */
export type ActivityItem =
  | { readonly kind: 'all'; readonly tasks: readonly Task[]; readonly events: readonly EngineEvent[] }
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'events'; readonly events: readonly EngineEvent[] }

/** Something a person should know although they did not look: shown as an OS notification. */
export interface Notice {
  readonly kind: 'container-died' | 'container-unhealthy' | 'engine-lost' | 'settings-recovered'
  readonly engine?: EngineId
  readonly id?: string
  readonly name: string
  readonly facts: Facts
}
