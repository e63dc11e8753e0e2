import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

/** What was asked of a row and is not answered yet: contract names by row key, the newest counts. */
type Pending = ReadonlyMap<string, readonly string[]>

export const pendingStore = createStore<{ readonly byKey: Pending }>(() => ({ byKey: new Map() }))

/** Marks a row as asked to do something; the returned undo takes just this mark off. */
export function markPending(key: string, verb: string): () => void {
  change(key, (verbs) => [...verbs, verb])
  let isMarked = true
  return () => {
    if (!isMarked) return
    isMarked = false
    change(key, (verbs) => {
      const at = verbs.indexOf(verb)
      return verbs.filter((_, index) => index !== at)
    })
  }
}

function change(key: string, edit: (verbs: readonly string[]) => readonly string[]): void {
  pendingStore.setState(({ byKey }) => {
    const next = new Map(byKey)
    const verbs = edit(byKey.get(key) ?? [])
    if (verbs.length === 0) next.delete(key)
    else next.set(key, verbs)
    return { byKey: next }
  })
}

/** The contract name of what is asked of this row now (`containers.stop`), or undefined. */
export const usePending = (key: string): string | undefined =>
  useStore(pendingStore, ({ byKey }) => byKey.get(key)?.at(-1))
