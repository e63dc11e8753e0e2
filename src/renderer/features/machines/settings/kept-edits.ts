import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { WireError } from '../../../../shared/errors'
import type { MachineId } from '../../../../shared/model'
import { machinesStore } from '../../../store/machines'
import type { Draft } from './draft'

type Edits = Partial<Draft>

/** What was entered for a machine and is not saved. It outlives the tab; in memory only: a proxy may hold a secret. */
interface Kept {
  readonly edits: Edits
  readonly isSaving: boolean
  /** Why the last saving was in vain. */
  readonly error: WireError | undefined
}

const none: Kept = { edits: {}, isSaving: false, error: undefined }
const keptStore = createStore<ReadonlyMap<MachineId, Kept>>(() => new Map())

/** With a machine go its edits: what they hold must not outlive it. */
machinesStore.subscribe(({ machines, isKnown }) => {
  const kept = [...keptStore.getState()]
  const left = kept.filter(([id]) => machines.some((one) => one.id === id))
  if (isKnown && left.length < kept.length) keptStore.setState(new Map(left), true)
})

const keptOf = (machine: MachineId): Kept => keptStore.getState().get(machine) ?? none

const keep = (machine: MachineId, change: Partial<Kept>): void =>
  keptStore.setState((all) => new Map(all).set(machine, { ...keptOf(machine), ...change }), true)

export const useKept = (machine: MachineId): Kept => useStore(keptStore, (all) => all.get(machine) ?? none)

export const keepEdits = (machine: MachineId, part: Edits): void =>
  keep(machine, { edits: { ...keptOf(machine).edits, ...part }, error: undefined })

export const revertEdits = (machine: MachineId): void => keep(machine, { edits: {}, error: undefined })

export const startSaving = (machine: MachineId): void => keep(machine, { isSaving: true, error: undefined })

export const failSaving = (machine: MachineId, error: WireError | undefined): void =>
  keep(machine, { isSaving: false, error })

/** It was read: who comes back is not told of it again. */
export function forgetError(machine: MachineId): void {
  if (keptOf(machine).error) keep(machine, { error: undefined })
}

/** What was changed after it was sent is not saved yet, and stays. */
export function endSaving(machine: MachineId, sent: Edits): void {
  const changed = Object.entries(keptOf(machine).edits).filter(
    ([key, value]) => value !== sent[key as keyof Edits],
  )
  keep(machine, { isSaving: false, edits: Object.fromEntries(changed) })
}
