import type {
  BootRecord,
  Machine,
  MachineId,
  MachineSettings,
  MachineState,
  Progress,
} from '../../../../shared/model'
import type { Deadlines } from './boot/boot-timeline'
import type { Backend } from './backend'
import type { Companion } from './companion'
import type { NewKeyPair } from './guest/guest-config'
import type { OpenGuest } from './guest'
import type { ImageSource } from './image-source'
import type { MachineFiles } from './kept/machine-files'

export interface MachineDeps {
  readonly backends: readonly Backend[]
  readonly images: ImageSource
  readonly openGuest: OpenGuest
  readonly newKeyPair: NewKeyPair
  readonly companions: readonly Companion[]
  /** Other deadlines of the stages than the usual: for tests. */
  readonly deadlines?: Deadlines
  readonly contextState?: (id: MachineId) => NonNullable<Machine['contextState']>
  readonly defaultSocket?: (id: MachineId) => Machine['defaultSocket']
}

export interface StartOptions {
  readonly isCold?: boolean
  readonly progress?: (progress: Progress) => void
}

/** What a machine was when core found it on disk. */
export interface Found {
  readonly id: MachineId
  readonly files: MachineFiles
  readonly settings: MachineSettings
  readonly state: MachineState
  readonly boots: readonly BootRecord[]
}
