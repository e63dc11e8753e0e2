import type { WireError } from '../errors'
import type { EngineId, Kind } from './ids'

/**
 * Where an engine is reached. `tcp` with `tls` uses the three PEM files that Docker's docs name. `ssh` names a host
 * as `ssh` does: what is left out comes from `~/.ssh/config`.
 */
export type EngineAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsFiles }
  | SshEngineAddress

export interface SshEngineAddress {
  readonly kind: 'ssh'
  readonly host: string
  readonly user?: string
  readonly port?: number
  /** A private key file on the host of core, to be used in place of all others. */
  readonly identityFile?: string
}

/** Paths on the host of core. */
export interface TlsFiles {
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
}

/** How core came to know an engine. */
export type EngineOrigin = 'docker-host' | 'docker-context' | 'socket' | 'private' | 'machine' | 'added'

export type EngineState =
  | { readonly kind: 'starting'; readonly stage: string; readonly sinceMs: number }
  | { readonly kind: 'connecting'; readonly sinceMs: number }
  | { readonly kind: 'running'; readonly sinceMs: number }
  /** Was or should be there and is not: core keeps trying by itself. */
  | {
      readonly kind: 'lost'
      readonly error: WireError
      readonly sinceMs: number
      readonly nextTryMs?: number
    }
  | { readonly kind: 'stopped'; readonly sinceMs: number }

export interface EngineFacts {
  readonly version: string
  /** The negotiated one, e.g. `1.41`. */
  readonly apiVersion: string
  readonly os: string
  readonly arch: string
  readonly cpus: number
  readonly memoryBytes: number
  readonly name: string
  readonly rootDir: string
  readonly storageDriver: string
  /** Where images are in containerd's store; the address of containerd's socket, where the engine tells it. */
  readonly containerd?: { readonly address?: string }
  readonly cgroupVersion: string
  readonly isRootless: boolean
  readonly isPodman: boolean
}

/** What an engine's API version or kind lets us offer; what is missing is hidden, not broken. */
export interface EngineFeatures {
  /** Platform choice at create and pull. */
  readonly platform: boolean
}

/**
 * A list that an engine has not given: it is under way, or the engine refused it. Either way it is asked for by itself
 * until it comes; meanwhile its rows are those of before, if any.
 */
export type MissingList =
  { readonly kind: 'awaited' } | { readonly kind: 'refused'; readonly error: WireError }

export interface Engine {
  readonly id: EngineId
  readonly name: string
  readonly origin: EngineOrigin
  /** As a person would type it: `unix:///var/run/docker.sock`, `tcp://host:2376`. */
  readonly address: string
  readonly state: EngineState
  readonly facts?: EngineFacts
  readonly features: EngineFeatures
  /** The engine's clock minus ours; ages are told by the engine's clock. */
  readonly clockSkewMs: number
  /** Of a running engine; absent when all lists are here. */
  readonly missing?: { readonly [K in Kind]?: MissingList }
  /** True when core may start, stop and restart it. */
  readonly isOurs: boolean
}

/** One road to an engine that was tried at the start, in order. */
export interface Road {
  readonly road:
    | 'docker-host'
    | 'docker-context'
    | 'rootful-socket'
    | 'rootless-socket'
    | 'podman-socket'
    | 'private-engine'
    | 'install'
  /** What was tried: an address or a path. */
  readonly tried: string
  readonly outcome: 'taken' | 'failed' | 'absent' | 'not-tried'
  readonly error?: WireError
  /** The shell command that mends it, ready to paste. */
  readonly mend?: string
}
