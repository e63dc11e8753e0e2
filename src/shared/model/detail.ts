import type { WireError } from '../errors'
import type { ContainerMount, PublishedPort } from './container'
import type { ImageId } from './ids'

/** Any JSON, as the engine gave it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export interface HealthProbe {
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly exitCode: number
  readonly output: string
}

/** How the last run ended, for the window to say in words. */
export interface Ending {
  readonly exitCode: number
  /** The signal's name when the code tells one (137 is SIGKILL) or the engine says so. */
  readonly signal?: string
  readonly oomKilled: boolean
  /** The engine's own error: a missing command, a port in use. */
  readonly error: string
  readonly finishedAtMs: number
  readonly ranMs: number
}

/** A container's page: its inspect, sorted for reading, and the raw answer. */
export interface ContainerDetail {
  readonly id: string
  readonly name: string
  readonly image: string
  readonly imageId: ImageId
  readonly createdAtMs: number
  readonly startedAtMs?: number
  readonly running: boolean
  readonly paused: boolean
  readonly restarting: boolean
  readonly restartCount: number
  readonly tty: boolean
  readonly openStdin: boolean
  readonly pid: number
  readonly ending?: Ending
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly workdir: string
  readonly user: string
  readonly hostname: string
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly labels: Readonly<Record<string, string>>
  readonly restartPolicy: string
  readonly logDriver: string
  readonly ports: readonly PublishedPort[]
  readonly mounts: readonly ContainerMount[]
  readonly networks: readonly {
    readonly name: string
    readonly ip: string
    readonly ip6: string
    readonly gateway: string
    readonly mac: string
    readonly aliases: readonly string[]
  }[]
  readonly health?: {
    readonly status: string
    readonly failingStreak: number
    readonly test: readonly string[]
    readonly probes: readonly HealthProbe[]
  }
  readonly limits: { readonly memoryBytes: number; readonly cpus: number; readonly pids: number }
  readonly privileged: boolean
  readonly readOnlyRoot: boolean
  readonly raw: Json
}

export interface FileChange {
  readonly path: string
  readonly change: 'modified' | 'added' | 'deleted'
}

/** `ps` inside the container, as the engine runs it. */
export interface ProcessTable {
  readonly titles: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface ImageDetail {
  readonly id: ImageId
  readonly tags: readonly string[]
  readonly digests: readonly string[]
  readonly createdAtMs: number
  readonly os: string
  readonly arch: string
  readonly sizeBytes: number
  readonly author: string
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly workdir: string
  readonly user: string
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly exposedPorts: readonly string[]
  readonly volumes: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly stopSignal: string
  readonly healthTest: readonly string[]
  readonly raw: Json
}

export type LogSource = 'stdout' | 'stderr'

/**
 * A batch of a container's log. Lines are UTF-8 text without the line end; bytes that are not UTF-8
 * became U+FFFD. Parallel arrays keep the wire small: 200,000 lines travel in about 400 batches.
 */
export interface LogBatch {
  /** Per line, `o` (stdout) or `e` (stderr): `ooe`. */
  readonly sources: string
  readonly lines: readonly string[]
  /** RFC 3339 with nanoseconds, one per line; empty when the request was without timestamps. */
  readonly times: readonly string[]
  /** Lines longer than the cap that were cut, by index in this batch, with their full size so far. */
  readonly cut?: readonly { readonly index: number; readonly bytes: number }[]
}

/** What a log stream carries: batches, and at a clean end why it ended. */
export type LogItem =
  | ({ readonly kind: 'lines' } & LogBatch)
  /** The stream broke (the engine went away); core follows on from `after` by itself. */
  | { readonly kind: 'break'; readonly error: WireError }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'ended'; readonly exitCode?: number }

/** A line of a log that matches. */
export interface LogMatch {
  /** Its number in the whole log, from 0. */
  readonly line: number
  /** RFC 3339 with nanoseconds. */
  readonly time: string
  readonly source: LogSource
  /** About 500 bytes around the first hit, escape sequences included. */
  readonly text: string
  /** Where the first hit is in `text`, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** Hits in the line. */
  readonly hits: number
}

/** One step of a search through a whole log: further matches, and all counts so far. */
export interface LogSearchItem {
  readonly matches: readonly LogMatch[]
  readonly lines: number
  readonly matchingLines: number
  readonly hits: number
  readonly isDone: boolean
}

/** Something that would go, and how big it is. */
export interface PruneEntry {
  readonly id: string
  readonly name: string
  /** Absent where the engine does not tell before it is done. */
  readonly sizeBytes?: number
  readonly createdAtMs?: number
  readonly note?: string
}
export interface PrunePlan {
  readonly entries: readonly PruneEntry[]
  /** What would come back at least; shared layers counted once. */
  readonly totalBytes?: number
}

export interface VolumeSize {
  readonly id: string
  /** -1 where the driver cannot tell. */
  readonly sizeBytes: number
  readonly refCount: number
}

export interface PortHolder {
  readonly port: number
  readonly isFree: boolean
  /** `container web`, `process nginx (pid 812)`, or empty when nobody can tell. */
  readonly holder: string
  /** The same in parts, for words in any language. */
  readonly by?: { readonly kind: 'container' | 'process'; readonly name: string; readonly pid?: number }
  readonly suggestion?: number
}
