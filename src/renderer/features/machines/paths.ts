import type { MachineId } from '../../../shared/model'

export const machineTabs = [
  'overview',
  'console',
  'settings',
  'shares',
  'ports',
  'snapshots',
  'log',
  'reset',
] as const
export type MachineTab = (typeof machineTabs)[number]

/** From an address: what is no tab is the first one. */
export const toMachineTab = (text: string | undefined): MachineTab =>
  machineTabs.find((tab) => tab === text) ?? 'overview'

/** A path of the window's router. */
export const machinePath = (id: MachineId, tab?: MachineTab): string =>
  `/machines/${encodeURIComponent(id)}${tab ? `/${tab}` : ''}`

/** The list with the wizard open over it. */
export const newMachinePath = '/machines?new='
