import { useEffect } from 'react'
import { resolveLanguage, setLanguage } from '../i18n'
import { useSettings } from '../store/settings'

/** Puts theme and language of the settings on screen, at once when they change. */
export function useLook(): void {
  const { theme, language } = useSettings()
  useEffect(() => {
    const root = document.documentElement
    if (theme === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = theme
  }, [theme])
  useEffect(() => {
    void setLanguage(resolveLanguage(language))
  }, [language])
}
