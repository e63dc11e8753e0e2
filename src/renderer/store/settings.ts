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

type Change = (settings: Settings) => Settings

/** Made here, and not answered by core yet: older news must not take them back. */
let ahead: readonly Change[] = []

const withAhead = (settings: Settings): Settings => ahead.reduce((whole, change) => change(whole), settings)

const take = (settings: Settings): void =>
  settingsStore.setState({ settings: withAhead(settings), isLoaded: true })

/** Changes what is on screen until core has answered, which is when the returned function is called. */
export function changeAhead(change: Change): () => void {
  ahead = [...ahead, change]
  settingsStore.setState(({ settings }) => ({ settings: change(settings) }))
  return () => (ahead = ahead.filter((one) => one !== change))
}

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
  const { settings: before } = settingsStore.getState()
  const answered = changeAhead((settings) => ({ ...settings, ...(change as Partial<Settings>) }))
  const result = await act('settings.set', change)
  answered()
  if (result !== undefined) take(result)
  else settingsStore.setState({ settings: withAhead(before) })
}

export const useSettings = (): Settings => useStore(settingsStore, ({ settings }) => settings)
export const useSettingsLoaded = (): boolean => useStore(settingsStore, ({ isLoaded }) => isLoaded)
