import type { MenuItemConstructorOptions } from 'electron'
import type { TrayWords } from './tray-words'

/** The application menu: the system's own roles, so that copy, zoom and quit work as people expect. */
export function appMenu(
  words: TrayWords,
  open: (path: string) => void,
  isMac: boolean,
): MenuItemConstructorOptions[] {
  const settings: MenuItemConstructorOptions = {
    label: words.settings,
    accelerator: 'CmdOrCtrl+,',
    click: () => open('/settings'),
  }
  const mac: MenuItemConstructorOptions[] = isMac
    ? [
        {
          role: 'appMenu',
          submenu: [
            { role: 'about' },
            { type: 'separator' },
            settings,
            { type: 'separator' },
            { role: 'hide' },
            { role: 'hideOthers' },
            { role: 'unhide' },
            { type: 'separator' },
            { role: 'quit' },
          ],
        },
      ]
    : []
  return [
    ...mac,
    {
      label: words.menu.file,
      submenu: [
        { label: words.menu.newRun, accelerator: 'CmdOrCtrl+N', click: () => open('/run') },
        { label: words.pull, click: () => open('/images?pull=') },
        { type: 'separator' },
        ...(isMac ? [] : [settings, { type: 'separator' as const }]),
        isMac ? { role: 'close' } : { role: 'quit', label: words.quit },
      ],
    },
    { role: 'editMenu', label: words.menu.edit },
    {
      label: words.menu.view,
      submenu: [
        { role: 'reload', label: words.menu.reload },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu', label: words.menu.window },
  ]
}
