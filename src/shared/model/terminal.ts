import type { WireError } from '../errors'
import type { EngineId, SessionId } from './ids'

/**
 * Why the agent did not open a terminal: in what it would have differed from the engine's own exec. `gone`, `time`
 * and `failed`: it could not be opened at all.
 */
export type TerminalRefusal =
  | 'runtime'
  | 'user-namespace'
  | 'namespaces'
  | 'cgroup'
  | 'capabilities'
  | 'seccomp'
  | 'label'
  | 'limits'
  | 'devpts'
  | 'user'
  | 'folder'
  | 'gone'
  | 'time'
  | 'failed'

/** How the bytes of a container's terminal travel: by the agent beside the container, or through the Engine API. */
export type TerminalRoad =
  { readonly kind: 'agent' } | { readonly kind: 'api'; readonly refused?: TerminalRefusal }

/** A terminal that lives in core: it goes on when a window closes or reloads. */
export interface TerminalSession {
  readonly id: SessionId
  readonly kind: 'container' | 'host' | 'machine'
  readonly engine?: EngineId
  readonly container?: string
  /** What stands on the tab before the program sets a title: `web — bash`. */
  readonly title: string
  readonly shell: string
  readonly user: string
  /** Of a container's terminal. */
  readonly road?: TerminalRoad
  readonly startedAtMs: number
  readonly cols: number
  readonly rows: number
  readonly state: 'open' | 'ended'
  /** Absent while open, and where the engine died with it. */
  readonly exitCode?: number
  /** Why it ended, when not by its own exit. */
  readonly error?: WireError
}

/**
 * What a terminal stream carries downwards besides bytes: bytes are Uint8Array items; the last item
 * tells how it ended.
 */
export interface TerminalEnd {
  readonly kind: 'ended'
  readonly exitCode?: number
  readonly error?: WireError
}
export interface TerminalReplay {
  readonly kind: 'replay'
  /** Bytes forgotten before the replay begins. */
  readonly droppedBytes: number
  readonly cols: number
  readonly rows: number
  /**
   * How many of the bytes that follow are the past. Programs asked questions there (where is the cursor?)
   * that were answered long ago: what a terminal says while it reads them must not be typed into the shell.
   */
  readonly replayBytes?: number
}
export type TerminalItem = Uint8Array | TerminalEnd | TerminalReplay

/** Upwards: bytes as Uint8Array, or a new size. */
export type TerminalInput = Uint8Array | { readonly cols: number; readonly rows: number }
