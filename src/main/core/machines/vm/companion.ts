import type {
  DegradedReason,
  HostPort,
  MachineId,
  MachineSettings,
  ShareState,
} from '../../../../shared/model'
import type { RunningVm } from './backend'
import type { Guest } from './guest'

/** A machine while its guest is reached. A tunnel that broke and came back is another link. */
export interface GuestLink {
  readonly id: MachineId
  readonly settings: () => MachineSettings
  readonly guest: Guest
  readonly forwards: RunningVm['forwards']
  /** Aborts when the link or the machine ends. */
  readonly signal: AbortSignal
  /** What is shown of it; replaces what this companion told before. */
  readonly tell: (facts: CompanionFacts) => void
}

export interface CompanionFacts {
  readonly ports?: readonly HostPort[]
  readonly shares?: readonly ShareState[]
  readonly reasons?: readonly DegradedReason[]
}

/** What runs beside a machine while its guest is reached: its published ports, its shared folders. */
export interface Companion {
  readonly name: string
  /** Resolves when it is up. A throw makes the machine no less running: it is logged. */
  begin(link: GuestLink): Promise<void>
  /** Before the guest is suspended or shut down while the link still lives; then `signal` aborts. */
  end?(link: GuestLink): Promise<void>
  /** The machine's settings were edited. */
  settingsChanged?(link: GuestLink): void
}
