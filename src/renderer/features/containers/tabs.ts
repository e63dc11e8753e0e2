import type { ObjectRef } from '../../../shared/model'

export const containerTabs = [
  'logs',
  'terminal',
  'files',
  'stats',
  'changes',
  'processes',
  'inspect',
  'connections',
  'health',
] as const
export type ContainerTab = (typeof containerTabs)[number]

/** From an address: what is no tab is the first one. */
export const toTab = (text: string | undefined): ContainerTab =>
  containerTabs.find((tab) => tab === text) ?? 'logs'

/** A path of the window's router. */
export const containerPath = (ref: ObjectRef, tab?: ContainerTab): string =>
  `/containers/${encodeURIComponent(ref.engine)}/${encodeURIComponent(ref.id)}${tab ? `/${tab}` : ''}`
