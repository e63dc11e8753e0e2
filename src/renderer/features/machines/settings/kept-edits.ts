import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { WireError } from '../../../../shared/errors'
import type { MachineId } from '../../../../shared/model'
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

/** What was changed after it was sent is not saved yet, and stays. */
export function endSaving(machine: MachineId, sent: Edits): void {
  const changed = Object.entries(keptOf(machine).edits).filter(
    ([key, value]) => value !== sent[key as keyof Edits],
  )
  keep(machine, { isSaving: false, edits: Object.fromEntries(changed) })
}
