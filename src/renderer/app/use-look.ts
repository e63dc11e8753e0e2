import { useEffect } from 'react'
import { resolveLanguage, setLanguage, type Language } from '../i18n'
import { useSettings, useSettingsLoaded } from '../store/settings'

/** The language that the page came with, before anything is drawn. Its theme is already on screen. */
export function startLook(): Promise<void> {
  const { language } = document.documentElement.dataset
  return setLanguage(resolveLanguage(isLanguage(language) ? language : 'system'))
}

const isLanguage = (text: string | undefined): text is Language => text === 'en' || text === 'ko'

/** Puts theme and language of the settings on screen, at once when they change. */
export function useLook(): void {
  const { theme, language } = useSettings()
  const isLoaded = useSettingsLoaded()
  useEffect(() => {
    // Until core has told them these are the defaults: what the page came with is nearer to the truth.
    if (!isLoaded) return
    const root = document.documentElement
    if (theme === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = theme
  }, [theme, isLoaded])
  useEffect(() => {
    if (isLoaded) void setLanguage(resolveLanguage(language))
  }, [language, isLoaded])
}
