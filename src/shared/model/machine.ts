import type { WireError } from '../errors'
import type { EngineId, MachineId } from './ids'
import type { MachineBackend, MachineSettings } from './machine-settings'

/** The steps of a start, in order. A start by resume goes through `process`, `load`, `tunnel`, `engine`. */
export const bootStages = [
  'image',
  'disk',
  'process',
  'load',
  'kernel',
  'init',
  'sshd',
  'tunnel',
  'engine',
] as const
export type BootStageName = (typeof bootStages)[number]

/** The steps of a stop: the ladder, from asking to killing. */
export type StopStageName = 'suspend' | 'ask' | 'power-button' | 'kill'

/** Times in ms from the start of the boot. */
export interface BootStage {
  readonly name: BootStageName
  readonly startedMs: number
  /** Absent while it goes on, and for the stage that failed. */
  readonly endedMs?: number
  readonly deadlineMs: number
}

export interface BootRecord {
  /** Epoch ms. */
  readonly startedAt: number
  /** `adopt`: the machine was running already when this core came. */
  readonly way: 'cold' | 'resume' | 'adopt'
  readonly stages: readonly BootStage[]
  readonly outcome: 'going' | 'running' | 'failed' | 'cancelled'
  readonly error?: WireError
  /** Why a resume was not possible and the boot was cold instead. */
  readonly coldBecause?: ColdReason
  /** It fell over on its way up, at this stage, and was started once more by itself: the stages are the second's. */
  readonly secondTry?: { readonly stage: BootStageName; readonly error: WireError }
}

/**
 * `asked`: a person wanted it. `differs`: another hypervisor version, processor or machine than the state is of.
 * `image-gone`, `unreadable`, `load-failed`: the state cannot be used. `crashed`: the last run ended by itself.
 */
export const coldReasons = ['asked', 'differs', 'image-gone', 'unreadable', 'load-failed', 'crashed'] as const
export type ColdReason = (typeof coldReasons)[number]

/** What works, but not as it should. Each has words and a button that mends. */
export type DegradedReason =
  | { readonly kind: 'engine-down'; readonly error: WireError }
  | { readonly kind: 'tunnel-down'; readonly error: WireError }
  | { readonly kind: 'guest-frozen'; readonly sinceMs: number }
  | { readonly kind: 'disk-full'; readonly freeBytes: number }
  | { readonly kind: 'host-disk-full'; readonly path: string }
  | { readonly kind: 'out-of-memory'; readonly process: string }
  | { readonly kind: 'share-failed'; readonly path: string; readonly error: WireError }
  | { readonly kind: 'port-failed'; readonly port: number; readonly error: WireError }
  | { readonly kind: 'socket-failed'; readonly path: string; readonly error: WireError }

export type MachineState =
  /** Settings are there, the disk is not: never started, or reset. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'stopped'; readonly isSuspended: boolean; readonly sinceMs: number }
  | { readonly kind: 'starting'; readonly stage: BootStageName; readonly sinceMs: number }
  | { readonly kind: 'running'; readonly sinceMs: number }
  | { readonly kind: 'degraded'; readonly reasons: readonly DegradedReason[]; readonly sinceMs: number }
  | { readonly kind: 'stopping'; readonly stage: StopStageName; readonly sinceMs: number }
  | {
      readonly kind: 'failed'
      readonly stage: BootStageName | 'running' | 'stopping'
      readonly cause: WireError
      /** The lines of the serial console that matter. */
      readonly lines: readonly string[]
      readonly sinceMs: number
    }

/** A published port of a container, as it stands on the host. */
export interface HostPort {
  readonly protocol: 'tcp' | 'udp'
  /** The address on the host that it listens on. */
  readonly address: string
  readonly port: number
  readonly container: string
  readonly road: 'hostfwd' | 'ssh'
  readonly error?: WireError
}

export interface ShareState {
  readonly path: string
  readonly isReadOnly: boolean
  readonly state: 'mounted' | 'connecting' | 'failed'
  /** Whether changes on the host wake file watchers in containers. */
  readonly hasFileEvents: boolean
  readonly error?: WireError
}

/** Bytes unless said otherwise. Read only while somebody looks. */
export interface MachineUsage {
  /** Of one core of the host, 0 to `cpus`. */
  readonly hostCpu: number
  readonly hostMemoryBytes: number
  readonly guestMemoryBytes: number
  readonly guestMemoryTotalBytes: number
  readonly diskUsedBytes: number
  readonly diskTotalBytes: number
  /** What the data disk takes on the host: sparse files take less than their size. */
  readonly diskHostBytes: number
}

export interface Machine {
  readonly id: MachineId
  readonly engine: EngineId
  readonly settings: MachineSettings
  /** True when some settings count only from the next start. */
  readonly needsRestart: boolean
  readonly state: MachineState
  /** `kvm`, `hvf`, `whpx`, `tcg`...; present once it was started. */
  readonly accelerator?: { readonly name: string; readonly isEmulated: boolean; readonly because?: string }
  /** The newest first, at most 10. */
  readonly boots: readonly BootRecord[]
  readonly ports: readonly HostPort[]
  readonly shares: readonly ShareState[]
  /** The engine's socket on the host, for `DOCKER_HOST`. */
  readonly socketPath: string
  readonly dockerContext: string
  readonly contextState?: 'absent' | 'there' | 'current'
  /**
   * The link at the place where tools look that know of no context. `ours` leads to this machine, `other` to
   * another machine of Slipway's; `foreign` is never touched. Absent where the system has no such links.
   */
  readonly defaultSocket?: { readonly path: string; readonly state: 'absent' | 'ours' | 'other' | 'foreign' }
  /** The image it boots: the hash of the image's inputs. */
  readonly imageId?: string
}

export interface Snapshot {
  readonly name: string
  readonly takenAt: number
  readonly hostBytes: number
}

/** What a delete or reset takes away: said before it happens. */
export interface DeletePlan {
  readonly items: readonly {
    readonly what: 'disk' | 'snapshot' | 'state' | 'logs' | 'settings'
    readonly path: string
    readonly bytes: number
  }[]
  readonly containers?: number
  readonly images?: number
  readonly volumes?: number
}

/** What this computer offers, and the machine that fits it. */
export interface MachineProposal {
  readonly settings: MachineSettings
  readonly backends: readonly {
    readonly backend: MachineBackend
    readonly isAvailable: boolean
    readonly version?: string
    readonly accelerator?: string
    readonly isEmulated?: boolean
    readonly canSuspend?: boolean
    /** Why not, and the command that mends it. */
    readonly error?: WireError
    readonly mend?: string
  }[]
  readonly host: {
    readonly cpus: number
    readonly memoryBytes: number
    readonly diskFreeBytes: number
    readonly home: string
  }
  /** What is still to be fetched or built before the first start. */
  readonly imageBytes: number
  readonly imageIsReady: boolean
  readonly imageWay: 'ready' | 'download' | 'build' | 'none'
}
