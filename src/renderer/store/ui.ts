import { useCallback } from 'react'
import { useStore } from 'zustand'
import { getClient } from '../api/connection'
import { settingsStore } from './settings'

/** Dragging a column tells many widths: core hears the last of them. */
const saveAfterMs = 400
const timers = new Map<string, ReturnType<typeof setTimeout>>()

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
  const { settings } = settingsStore.getState()
  settingsStore.setState({ settings: { ...settings, ui: { ...settings.ui, [key]: value } } })
  clearTimeout(timers.get(key))
  timers.set(
    key,
    setTimeout(() => {
      timers.delete(key)
      // The look of the window is not worth an error message.
      getClient()
        .call('settings.setUi', { key, value })
        .catch(() => undefined)
    }, saveAfterMs),
  )
}

export const readUi = <T>(key: string, fallback: T): T =>
  (settingsStore.getState().settings.ui[key] as T | undefined) ?? fallback
