import type { Duplex } from 'node:stream'
import type {
  ContainerMount,
  DegradedReason,
  MachineId,
  MachineSettings,
  ShareState,
} from '../../../shared/model'

/** What shares ask of a machine's guest. */
export interface ShareGuest {
  run(
    verb: 'mount-share' | 'unmount-share' | 'touch',
    args: readonly string[],
    more: { input?: string; signal: AbortSignal; timeoutMs?: number },
  ): Promise<string>
  listenUnix(path: string, onConnection: (stream: Duplex) => void, signal: AbortSignal): Promise<() => void>
}

/** A machine while its guest is reached. */
export interface ShareLink {
  readonly id: MachineId
  readonly settings: () => MachineSettings
  readonly guest: ShareGuest
  readonly signal: AbortSignal
  readonly tell: (facts: {
    readonly shares: readonly ShareState[]
    readonly reasons: readonly DegradedReason[]
  }) => void
}

/** What core gives to shares. */
export interface SharesDeps {
  /** Files in the machine's folder: the secret of its handles, and what it was told of its files. */
  readonly filesOf: (id: MachineId) => { readonly secret: string; readonly facts: string }
  /** Folders and files of our own, which no machine sees. */
  readonly ownFolders: () => readonly string[]
  /** What containers of this machine that run have mounted. */
  readonly mountsOf: (id: MachineId) => readonly ContainerMount[]
  /** The machine's containers changed. Returns the undo. */
  readonly onContainers: (id: MachineId, listener: () => void) => () => void
}
