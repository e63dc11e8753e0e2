import { useCallback } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

/** Values by key. Only as long as the window lives: a text that was searched last week must hide nothing today. */
const visitStore = createStore<ReadonlyMap<string, unknown>>(() => new Map())

/** What a page finds again when the person comes back to it: `const [text, setText] = useVisit('images.text', '')`. */
export function useVisit<T>(key: string, fallback: T): readonly [T, (value: T) => void] {
  const value = useStore(visitStore, (values) => values.get(key) as T | undefined)
  const set = useCallback(
    (next: T) => visitStore.setState((values) => new Map(values).set(key, next), true),
    [key],
  )
  return [value ?? fallback, set]
}

export const forgetVisits = (): void => visitStore.setState(new Map(), true)
