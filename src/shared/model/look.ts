import type { Settings } from './settings'

/** What the window's page says of itself before its first paint. `system` is the page as it was built. */
export type Look = Pick<Settings, 'theme' | 'language'>

/** The attributes of the page's root that carry a choice of the person's. Absent: the system's. */
export const lookAttributes = { theme: 'data-theme', language: 'data-language' } as const

/**
 * The built page in the theme and language of the settings, so that nothing flashes in another one until
 * the window has asked for them. The colour scheme is for the moment before the style sheet is there.
 */
export function pageWithLook(page: string, { theme, language }: Look): string {
  const root = [
    `<html lang="${language === 'ko' ? 'ko' : 'en'}"`,
    ...(theme === 'system' ? [] : [`${lookAttributes.theme}="${theme}"`]),
    ...(language === 'system' ? [] : [`${lookAttributes.language}="${language}"`]),
  ].join(' ')
  const scheme = theme === 'system' ? 'light dark' : theme
  return page
    .replace('<html lang="en"', root)
    .replace('name="color-scheme" content="light dark"', `name="color-scheme" content="${scheme}"`)
}
