import { useCallback } from 'react'
import { useStore } from 'zustand'
import { getClient } from '../api/connection'
import { changeAhead, settingsStore } from './settings'

/** Dragging a column tells many widths: core hears the last of them. */
const saveAfterMs = 400
const unsaved = new Map<string, Unsaved>()

interface Unsaved {
  readonly timer: ReturnType<typeof setTimeout>
  readonly value: unknown
  readonly answered: () => void
}

/**
 * What the window remembers of itself, in core: `const [size, setSize] = useUi('dock.size', 240)`.
 * The value is plain JSON and comes from a file: whoever reads a shape from it checks it.
 */
export function useUi<T>(key: string, fallback: T): readonly [T, (value: T) => void] {
  const value = useStore(settingsStore, ({ settings }) => settings.ui[key] as T | undefined)
  const set = useCallback((next: T) => setUi(key, next), [key])
  return [value ?? fallback, set]
}

export function setUi(key: string, value: unknown): void {
  const last = unsaved.get(key)
  clearTimeout(last?.timer)
  last?.answered()
  const answered = changeAhead((settings) => ({ ...settings, ui: { ...settings.ui, [key]: value } }))
  unsaved.set(key, { value, answered, timer: setTimeout(() => save(key), saveAfterMs) })
}

function save(key: string): void {
  const entry = unsaved.get(key)
  if (!entry) return
  clearTimeout(entry.timer)
  unsaved.delete(key)
  // The look of the window is not worth an error message.
  getClient()
    .call('settings.setUi', { key, value: entry.value })
    .catch(() => undefined)
    .finally(entry.answered)
}

// A reload right after a change must not lose it.
if (typeof window !== 'undefined') {
  window.addEventListener('pagehide', () => [...unsaved.keys()].forEach(save))
}

export const readUi = <T>(key: string, fallback: T): T =>
  (settingsStore.getState().settings.ui[key] as T | undefined) ?? fallback
