import type { MenuItemConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import { appMenu } from './app-menu'
import { menuEn, menuKo } from './menu-words'
import { trayWords } from './tray-words'

type Item = MenuItemConstructorOptions
const inside = ({ submenu }: Item): readonly Item[] => (Array.isArray(submenu) ? submenu : [])
const menuOf = (language: 'en' | 'ko', isMac: boolean, open: (path: string) => void = () => undefined) =>
  appMenu(trayWords(language, language), open, isMac)
const lines = (menu: readonly Item[]): readonly Item[] => menu.flatMap(inside)
const rolesOf = (menu: readonly Item[]) => lines(menu).flatMap(({ role }) => role ?? [])

test.each([true, false])(
  'every line says what it does in the language of the settings (macOS: %s)',
  (isMac) => {
    const [english, korean] = [menuOf('en', isMac), menuOf('ko', isMac)]
    for (const [index, item] of lines(korean).entries()) {
      if (item.type === 'separator') continue
      expect(item.label).toMatch(/[가-힣]/)
      expect(lines(english)[index]?.label).toMatch(/^[A-Z][\w ….]+$/)
    }
    // The first menu of macOS has the name of the app.
    for (const item of korean.slice(isMac ? 1 : 0)) expect(item.label).toMatch(/[가-힣]/)
  },
)

test('its own lines lead to their pages', () => {
  for (const isMac of [true, false]) {
    const opened: string[] = []
    for (const { click } of lines(menuOf('en', isMac, (path) => opened.push(path))))
      (click as (() => void) | undefined)?.()
    expect(opened.sort()).toEqual(['/diagnostics', '/images?pull=', '/run', '/settings'])
  }
})

test('editing, zoom and quitting are the system’s own, each once', () => {
  const common = [
    ...(['quit', 'undo', 'redo', 'cut', 'copy', 'paste', 'delete', 'selectAll', 'reload'] as const),
    ...(['resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen', 'minimize', 'close'] as const),
  ]
  expect(rolesOf(menuOf('en', false)).sort()).toEqual([...common].sort())
  const ofMac = ['about', 'hide', 'hideOthers', 'unhide', 'zoom', 'front'] as const
  expect(rolesOf(menuOf('en', true)).sort()).toEqual([...common, ...ofMac].sort())
  expect(menuOf('en', true).map(({ role }) => role)).toEqual([
    ...['appMenu', undefined, 'editMenu', undefined, 'windowMenu', 'help'],
  ])
})

test('no word is left over', () => {
  const said = new Set([true, false].flatMap((isMac) => lines(menuOf('ko', isMac)).map(({ label }) => label)))
  expect(Object.values(menuKo.role).filter((word) => !said.has(word))).toEqual([])
  expect(Object.keys(menuEn.role)).toEqual(Object.keys(menuKo.role))
})
