import type { DegradedReason, HostPort, Machine } from '../../../shared/model'
import { table } from '../table'

const reasons: Readonly<Record<DegradedReason['kind'], string>> = {
  'engine-down': 'its engine does not answer',
  'tunnel-down': 'its connection is down',
  'guest-frozen': 'it does not respond',
  'disk-full': 'its disk is full',
  'host-disk-full': 'this computer’s disk is full',
  'out-of-memory': 'it ran out of memory',
  'share-failed': 'a shared folder is missing',
  'port-failed': 'a port could not be opened',
  'socket-failed': 'the engine’s socket is missing here',
}

/** The state in one line: its stage while it moves, the reasons while something is wrong. */
export function stateText({ state }: Pick<Machine, 'state'>): string {
  switch (state.kind) {
    case 'absent':
      return 'never started'
    case 'stopped':
      return state.isSuspended ? 'suspended' : 'stopped'
    case 'starting':
    case 'stopping':
      return `${state.kind} (${state.stage})`
    case 'running':
      return 'running'
    case 'degraded':
      return `running, but ${state.reasons.map(({ kind }) => reasons[kind]).join(', ')}`
    case 'failed':
      return `failed at ${state.stage}: ${state.cause.message}`
  }
}

const on = ({ settings, accelerator }: Machine): string =>
  accelerator
    ? `${settings.backend}/${accelerator.name}${accelerator.isEmulated ? ' (emulated)' : ''}`
    : settings.backend

export const machineTable = (machines: readonly Machine[]): string =>
  table([
    ['NAME', 'STATE', 'RUNS ON', 'CPUS', 'MEMORY', 'DISK', 'PORTS'],
    ...machines.map((one) => [
      one.settings.name,
      stateText(one),
      on(one),
      String(one.settings.cpus),
      `${one.settings.memoryMiB} MiB`,
      `${one.settings.diskGiB} GiB`,
      one.ports.map(({ port }) => port).join(', '),
    ]),
  ])

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address)

export const portTable = (ports: readonly HostPort[]): string =>
  table([
    ['ADDRESS', 'PROTOCOL', 'CONTAINER', 'ROAD', 'STATE'],
    ...ports.map((port) => [
      `${bracketed(port.address)}:${port.port}`,
      port.protocol,
      port.container.slice(0, 12),
      port.road,
      port.error ? port.error.message : 'open',
    ]),
  ])

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** `6.1 GB`, as docker tells sizes. */
export function sizeText(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${step > 0 && value < 100 ? value.toFixed(1) : Math.round(value)} ${units[step] ?? ''}`
}
