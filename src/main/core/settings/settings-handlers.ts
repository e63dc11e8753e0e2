import type { Handlers } from '../../../shared/contract'
import type { SettingsStore } from './settings-store'

export const settingsHandlers = (
  store: SettingsStore,
): Pick<Handlers, 'settings.get' | 'settings.set' | 'settings.setUi'> => ({
  'settings.get': () => store.current,
  'settings.set': (change) => store.set(change),
  'settings.setUi': async ({ key, value }) => {
    await store.setUi(key, value)
    return null
  },
})
