import i18next from 'i18next'
import { useSyncExternalStore } from 'react'
import { en } from './en'
import { ko } from './ko'
import type { KeysOf } from './shape'

/** Every text of the window, by area: `containers.start`. */
export type TextKey = KeysOf<typeof en>
export type TextValues = Readonly<Record<string, string | number>>
export type Translate = (key: TextKey, values?: TextValues) => string
export type Language = 'en' | 'ko'

// Both languages are in the bundle (a few tens of kB), so switching is at once and nothing loads.
const ready = i18next.init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en }, ko: { translation: ko } },
  initAsync: false,
  // React escapes; escaping here as well would show `&amp;` to people.
  interpolation: { escapeValue: false },
})
void ready

/**
 * The text now, outside components (toasts, notifications). `count` among the values chooses
 * `key_one` or `key_other`.
 */
export const translate: Translate = (key, values) => i18next.t(key, { ...values })

export const currentLanguage = (): Language => (i18next.language === 'ko' ? 'ko' : 'en')

/** `system` is the browser's own choice; any language that we lack is English. */
export function resolveLanguage(wanted: Language | 'system', system = navigator.languages): Language {
  if (wanted !== 'system') return wanted
  return system[0]?.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}

export async function setLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language)
  if (typeof document !== 'undefined') document.documentElement.lang = language
}

const translators: Record<Language, Translate> = {
  en: (key, values) => translate(key, values),
  ko: (key, values) => translate(key, values),
}

function subscribe(changed: () => void): () => void {
  i18next.on('languageChanged', changed)
  return () => i18next.off('languageChanged', changed)
}

/** The translator of the current language: a new function when the language changes, so memos follow. */
export function useT(): Translate {
  return translators[useSyncExternalStore(subscribe, currentLanguage)]
}
