import type { MachineBackend } from '../../../../shared/model'
import type { MachinePaths } from '../../platform/paths'

/** What a hypervisor of this host offers, found by trying it: a `/dev/kvm` that is there may not work. */
export interface BackendFacts {
  readonly isAvailable: boolean
  /** Of the hypervisor's program, as it says it. */
  readonly version?: string
  readonly accelerator?: { readonly name: string; readonly isEmulated: boolean; readonly because?: string }
  /** Whether a running machine can be saved to a file and loaded from it. */
  readonly canSuspend: boolean
  /** Why it is not available, and the command that mends it, ready to paste. */
  readonly reason?: string
  readonly mend?: string
}

/** The files of an image, on this host, checked. */
export interface ImageFiles {
  /** The hash of the image's inputs. */
  readonly id: string
  readonly kernel: string
  readonly initrd: string
  /** The read-only root file system, uncompressed. */
  readonly root: string
}

/** All that a hypervisor needs to boot one machine. */
export interface VmSpec {
  /** Names the VM to the hypervisor: letters, digits, dashes. */
  readonly name: string
  /** A short path for sockets and the pid file: made anew for each run. */
  readonly runDir: string
  /** Every name of this machine on disk: `console`, `hypervisorLog`, `qmp`... */
  readonly files: MachinePaths
  readonly cpus: number
  readonly memoryMiB: number
  readonly image: ImageFiles
  /** A newc cpio that is appended to the initrd: keys, name, settings of this machine. */
  readonly configCpio: string
  readonly dataDisk: { readonly path: string; readonly sizeBytes: number }
  /** Waits for this saved state instead of booting: see `RunningVm.load` and `resumed`. */
  readonly resumeFrom?: SavedState
}

/** A whole VM in a file. */
export interface SavedState {
  readonly path: string
  readonly sizeBytes: number
  /** Of the whole file, where it is a file of ours. Against a disk that lies, not against people: it is read anyway. */
  readonly crc32?: number
}

/** One VM that runs. Its end is told once, whoever ended it. */
export interface RunningVm {
  /** Of the hypervisor's process; absent where there is none of ours (Hyper-V). */
  readonly pid?: number
  readonly accelerator: { readonly name: string; readonly isEmulated: boolean; readonly because?: string }
  /**
   * Where the guest's sshd is reached from this host. Ask only after the guest said `sshd` on its console:
   * early connections to QEMU's user network delay the first answer by a minute.
   */
  sshAddress(signal: AbortSignal): Promise<{ readonly host: string; readonly port: number }>
  /**
   * The serial console: what this run has said so far (of an adopted or resumed VM: what `files.console` kept),
   * then what comes. Returns the undo. The backend keeps `files.console` itself, at most 4 MiB of it.
   */
  onConsole(listener: (bytes: Uint8Array) => void): () => void
  /** Called once. `reason` is what the hypervisor last said, when it said something. */
  onExit(listener: (end: { readonly code: number | null; readonly reason?: string }) => void): () => void
  /**
   * What the hypervisor tells by itself: the guest's kernel panicked, the host's disk refused a write (the VM
   * stands until `resumed`), it goes on again. Optional: not every hypervisor can tell.
   */
  onEvent?(listener: (event: VmEvent) => void): () => void
  /**
   * It stands because the host's disk refused a write: its guest answers nobody until `resumed`. That it stands is
   * told as an event too, also to who listens after it happened.
   */
  readonly isStanding?: boolean
  /** Of a VM with `resumeFrom`: reads the state; the guest then stands until `resumed`. Throws when it does not fit. */
  load(signal: AbortSignal): Promise<void>
  /** After a load: lets the guest go on. The caller has dropped the saved state before it. */
  resumed(signal: AbortSignal): Promise<void>
  /**
   * Writes the VM's whole state to `path`. Then it stands until it is killed, which is the caller's to do once it is
   * written down what the state fits to; or it has ended (Hyper-V). Fails without harm: the guest goes on.
   */
  suspend(path: string, signal: AbortSignal): Promise<SavedState>
  /** What a person does with the button at the front. */
  pressPowerButton(signal: AbortSignal): Promise<void>
  /** Pulls the plug. Resolves when the process is gone. */
  kill(): Promise<void>
  /**
   * Makes the data disk of a running guest longer, its file too. `next-start`: the guest sees it only when it is
   * started again.
   */
  growDisk(sizeBytes: number, signal: AbortSignal): Promise<'now' | 'next-start'>
  /** Whether the hypervisor still answers and the guest runs. */
  isAlive(signal: AbortSignal): Promise<boolean>
  /** Host CPU time and memory of the VM's process. */
  usage(signal: AbortSignal): Promise<{ readonly cpuMs: number; readonly memoryBytes: number }>
  /** Ports of the host by the hypervisor itself; absent where it cannot. Throws `port.in-use`. */
  readonly forwards?: {
    add(rule: ForwardRule, signal: AbortSignal): Promise<void>
    remove(rule: ForwardRule, signal: AbortSignal): Promise<void>
    /** What is forwarded now, but for the road to sshd: an earlier core may have left some. */
    list?(signal: AbortSignal): Promise<readonly ForwardRule[]>
  }
  /** Lets go of the VM without ending it: the next core adopts it. */
  release(): void
}

export type VmEvent =
  | { readonly kind: 'panicked' }
  | { readonly kind: 'host-disk-full'; readonly path: string }
  | { readonly kind: 'went-on' }

/** A port of the host that leads to a port of the guest's own address. */
export interface ForwardRule {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  readonly guestPort: number
}

/** A hypervisor: QEMU, HyperKit, Hyper-V. */
export interface Backend {
  readonly kind: MachineBackend
  probe(signal: AbortSignal): Promise<BackendFacts>
  /** Starts the process; the guest's own stages are told on its console. Throws `machine.start-failed`. */
  start(spec: VmSpec, signal: AbortSignal): Promise<RunningVm>
  /**
   * The VM that an earlier core left running, if there is one on this disk. One that was left in the middle of a
   * suspend goes on. One whose guest has not run yet is ended, as is one with `resumeFrom` that stands where that
   * state begins: it is still whole.
   */
  adopt(spec: VmSpec, signal: AbortSignal): Promise<RunningVm | undefined>
  /**
   * Ends a VM of this disk that no core holds; how long that may take only the hypervisor knows. `false`: there is
   * none. Absent: none can be left behind.
   */
  endStray?(spec: VmSpec, signal: AbortSignal): Promise<boolean>
  /**
   * What a saved state depends on: hypervisor version, machine type, memory, devices, image. A state is loaded
   * only where this text is the same as when it was saved.
   */
  stateKey(spec: VmSpec, facts: BackendFacts): string
  /** Where a data disk is not a raw file: how it is named and made. Its path ends in `extension`. */
  readonly disk?: BackendDisk
  /**
   * Takes away what the hypervisor itself keeps of a VM that does not run, its saved state too. Called before
   * a machine's files go, and when a saved state is dropped. Absent: it keeps nothing.
   */
  forget?(spec: VmSpec, signal: AbortSignal): Promise<void>
}

export interface BackendDisk {
  readonly extension: '.vhdx'
  /** Makes the disk when it is not there, and makes it longer when it is too short. Never shortens it. */
  prepare(path: string, sizeBytes: number, signal: AbortSignal): Promise<'made' | 'grown' | 'there'>
}
