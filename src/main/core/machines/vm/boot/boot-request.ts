import type { AppError } from '../../../../../shared/errors'
import type { MachineSettings, Progress } from '../../../../../shared/model'
import type { Backend, RunningVm } from '../backend'
import type { BootTimeline } from './boot-timeline'
import type { GuestConsole } from '../guest/guest-console'
import type { MachineKeys, NewKeyPair } from '../guest/guest-config'
import type { Guest, OpenGuest } from '../guest'
import type { ImageSource } from '../image-source'
import type { MachineFiles, Started } from '../kept/machine-files'
import type { MachineLog } from '../kept/machine-log'

export interface BootDeps {
  readonly id: string
  readonly files: MachineFiles
  readonly backend: Backend
  readonly images: ImageSource
  readonly openGuest: OpenGuest
  readonly newKeyPair: NewKeyPair
  readonly log: MachineLog
}

export interface BootRequest {
  readonly settings: MachineSettings
  readonly isCold: boolean
  readonly timeline: BootTimeline
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
  /** A process has begun: its console can be looked at. */
  readonly onConsole: (console: GuestConsole) => void
}

/** A machine that came up. */
export interface Booted {
  readonly vm: RunningVm
  readonly console: GuestConsole
  /** Absent where the guest stands and answers nobody: see `RunningVm.isStanding`. */
  readonly guest?: Guest
  readonly keys: MachineKeys
  readonly started: Started
  /** The disk's file was made longer before this boot: its file system is to follow. */
  readonly hasGrown?: boolean
  /** The engine had not answered when its deadline passed: the machine runs without it. */
  readonly engineError?: AppError
}
