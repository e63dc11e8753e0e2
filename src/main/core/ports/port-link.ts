import type { Duplex } from 'node:stream'
import type { Container, DegradedReason, HostPort, MachineId, MachineSettings } from '../../../shared/model'

/** A port of the host that a hypervisor leads to a port of the machine's own address. */
export interface Forward {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  readonly guestPort: number
}

/** Ports of the host by the hypervisor itself. `add` throws `port.in-use`. */
export interface Forwards {
  add(rule: Forward, signal: AbortSignal): Promise<void>
  remove(rule: Forward, signal: AbortSignal): Promise<void>
  list?(signal: AbortSignal): Promise<readonly Forward[]>
}

export type DialTcp = (host: string, port: number, signal: AbortSignal) => Promise<Duplex>

/** A machine while its guest is reached. */
export interface PortLink {
  readonly id: MachineId
  readonly settings: () => MachineSettings
  readonly guest: { dialTcp: DialTcp }
  readonly forwards: Forwards | undefined
  readonly signal: AbortSignal
  readonly tell: (facts: {
    readonly ports: readonly HostPort[]
    readonly reasons: readonly DegradedReason[]
  }) => void
}

/** What core gives to ports. */
export interface PortsDeps {
  readonly containersOf: (id: MachineId) => readonly Container[]
  /** The machine's containers changed. Returns the undo. */
  readonly onContainers: (id: MachineId, listener: () => void) => () => void
  /** Who holds a port of this host, as a person knows him. */
  readonly holderOf: (protocol: 'tcp' | 'udp', port: number) => Promise<string | undefined>
}
