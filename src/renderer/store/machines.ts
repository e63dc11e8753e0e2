import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Machine, MachineId } from '../../shared/model'
import { act } from '../api/act'
import { runFeed } from './feed'
import { markPending, usePending } from './pending'

interface MachinesState {
  readonly machines: readonly Machine[]
  /** False until core told them: not the same as none. */
  readonly isKnown: boolean
}

export const machinesStore = createStore<MachinesState>(() => ({ machines: [], isKnown: false }))

/** Each item is the whole list; a machine that did not change stays the same object. */
export function takeMachines(machines: readonly Machine[]): void {
  const before = new Map(machinesStore.getState().machines.map((one) => [one.id, one]))
  const kept = machines.map((one) => {
    const known = before.get(one.id)
    return known && JSON.stringify(known) === JSON.stringify(one) ? known : one
  })
  machinesStore.setState({ machines: kept, isKnown: true })
}

/** The one stream of machines, for the window's life. Returns what stops it. */
export const startMachines = (): (() => void) =>
  runFeed('machines.watch', {
    onItem: (machines) => {
      takeMachines(machines)
      return true
    },
  })

export const useMachines = (): readonly Machine[] => useStore(machinesStore, ({ machines }) => machines)
export const useMachinesKnown = (): boolean => useStore(machinesStore, ({ isKnown }) => isKnown)
export const useMachine = (id: string | undefined): Machine | undefined =>
  useStore(machinesStore, ({ machines }) => machines.find((one) => one.id === id))
/** The machine that hosts this engine, if one does. */
export const useMachineOf = (engine: string | undefined): Machine | undefined =>
  useStore(machinesStore, ({ machines }) => machines.find((one) => one.engine === engine))

export const machineVerbs = ['start', 'startCold', 'suspend', 'shutdown', 'restart', 'kill'] as const
export type MachineVerb = (typeof machineVerbs)[number]
/** What a machine may be busy with besides its verbs. */
export type MachinePending =
  MachineVerb | 'edit' | 'remove' | 'reset' | 'trim' | 'snapshot' | 'restore' | 'clone'

const keyOfMachine = (id: MachineId): string => `machine ${id}`

/** What was asked of this machine and is not answered yet. */
export const useMachinePending = (id: MachineId): MachinePending | undefined =>
  usePending(keyOfMachine(id)) as MachinePending | undefined

/** Runs something for a machine; its row shows it as pending until it ends. */
export async function whilePending<T>(
  id: MachineId,
  what: MachinePending,
  run: () => Promise<T>,
): Promise<T> {
  const done = markPending(keyOfMachine(id), what)
  try {
    return await run()
  } finally {
    done()
  }
}

/** Asks a machine for it. The truth arrives by the stream; a failure is told in a toast. */
export const doToMachine = (machine: MachineId, verb: MachineVerb): Promise<unknown> =>
  whilePending(machine, verb, () => {
    switch (verb) {
      case 'start':
        return act('machines.start', { machine })
      case 'startCold':
        return act('machines.start', { machine, cold: true })
      case 'restart':
        return act('machines.restart', { machine })
      case 'suspend':
      case 'shutdown':
      case 'kill':
        return act('machines.stop', { machine, how: verb })
    }
  })
