import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { EngineId, MachineId, SessionId } from '../../shared/model'
import { setUi, useUi } from './ui'

/** Somebody asked for a terminal: the dock opens it and takes the request off the list. */
export interface TerminalRequest {
  readonly id: number
  readonly kind: 'container' | 'host' | 'machine'
  readonly engine?: EngineId
  readonly machine?: MachineId
  readonly container?: string
  /** What stands on the tab at first. */
  readonly title?: string
  readonly shell?: string
  readonly user?: string
}

interface Dock {
  readonly requests: readonly TerminalRequest[]
  readonly active: SessionId | undefined
}

export const dockStore = createStore<Dock>(() => ({ requests: [], active: undefined }))
let lastId = 0

function ask(request: Omit<TerminalRequest, 'id'>): void {
  dockStore.setState(({ requests }) => ({ requests: [...requests, { ...request, id: ++lastId }] }))
  setDockOpen(true)
}

export interface ContainerTerminal {
  readonly kind?: 'container'
  readonly engine: EngineId
  readonly container: string
  readonly title: string
  readonly shell?: string
  readonly user?: string
}

/** A shell in a container, in a new tab of the dock. */
export const openTerminal = (target: ContainerTerminal): void => ask({ ...target, kind: 'container' })

/** A shell on the host of core, with `DOCKER_HOST` set to this engine when one is given. */
export const openHostTerminal = (engine?: EngineId): void =>
  ask({ kind: 'host', ...(engine !== undefined && { engine }) })

/** A root shell in a machine, over its tunnel. */
export const openMachineTerminal = (machine: MachineId, title: string): void =>
  ask({ kind: 'machine', machine, title })

export const takeTerminalRequest = (id: number): void =>
  dockStore.setState(({ requests }) => ({ requests: requests.filter((request) => request.id !== id) }))

export const useTerminalRequests = (): readonly TerminalRequest[] =>
  useStore(dockStore, ({ requests }) => requests)

export const setActiveTerminal = (active: SessionId | undefined): void => dockStore.setState({ active })
export const useActiveTerminal = (): SessionId | undefined => useStore(dockStore, ({ active }) => active)

const openKey = 'dock.open'
const sizeKey = 'dock.size'
export const setDockOpen = (open: boolean): void => setUi(openKey, open)
export const useDockOpen = (): readonly [boolean, (open: boolean) => void] => useUi(openKey, false)
/** The dock's height in pixels. */
export const useDockSize = (): readonly [number, (size: number) => void] => useUi(sizeKey, 260)
