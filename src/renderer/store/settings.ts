import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Args } from '../../shared/contract'
import type { Settings } from '../../shared/model'
import { settingsSchema } from '../../shared/model/settings'
import * as v from 'valibot'
import { act } from '../api/act'
import { connectionStore, getClient } from '../api/connection'

/** Core's settings as last heard; the defaults until then. */
export const settingsStore = createStore<{ readonly settings: Settings; readonly isLoaded: boolean }>(() => ({
  settings: v.parse(settingsSchema, {}),
  isLoaded: false,
}))

const take = (settings: Settings): void => settingsStore.setState({ settings, isLoaded: true })

/** Reads them at every connection and follows their changes. Returns what stops it. */
export function startSettings(): () => void {
  const read = (): void => {
    if (connectionStore.getState().state !== 'connected') return
    // Failing here means the connection went: the next one reads again.
    getClient()
      .call('settings.get', {})
      .then(take, () => undefined)
  }
  const undo = [getClient().onPush('settings.changed', take), connectionStore.subscribe(read)]
  read()
  return () => undo.forEach((step) => step())
}

/** Changes at once on screen, then in core; core's answer is what counts. */
export async function changeSettings(change: Args<'settings.set'>): Promise<void> {
  const before = settingsStore.getState()
  settingsStore.setState({ settings: { ...before.settings, ...(change as Partial<Settings>) } })
  const result = await act('settings.set', change)
  if (result !== undefined) take(result)
  else settingsStore.setState(before)
}

export const useSettings = (): Settings => useStore(settingsStore, ({ settings }) => settings)
export const useSettingsLoaded = (): boolean => useStore(settingsStore, ({ isLoaded }) => isLoaded)
