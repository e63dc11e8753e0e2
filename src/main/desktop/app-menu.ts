import type { MenuItemConstructorOptions } from 'electron'
import type { MenuRole } from './menu-words'
import type { TrayWords } from './tray-words'

type Item = MenuItemConstructorOptions

const separator: Item = { type: 'separator' }

/** The application menu: the system's own roles, so that copy, zoom and quit work as people expect. */
export function appMenu(words: TrayWords, open: (path: string) => void, isMac: boolean): Item[] {
  const { menu } = words
  const does = (role: MenuRole): Item => ({ role, label: menu.role[role] })
  const settings: Item = {
    label: words.settings,
    accelerator: 'CmdOrCtrl+,',
    click: () => open('/settings'),
  }
  const ofApp: Item = {
    role: 'appMenu',
    submenu: [
      ...[does('about'), separator, settings, separator],
      ...[does('hide'), does('hideOthers'), does('unhide'), separator, does('quit')],
    ],
  }
  const file: Item = {
    label: menu.file,
    submenu: [
      { label: menu.newRun, accelerator: 'CmdOrCtrl+N', click: () => open('/run') },
      { label: words.pull, click: () => open('/images?pull=') },
      separator,
      ...(isMac ? [does('close')] : [settings, separator, does('quit')]),
    ],
  }
  const edit: Item = {
    role: 'editMenu',
    label: menu.edit,
    submenu: [
      ...[does('undo'), does('redo'), separator],
      ...[does('cut'), does('copy'), does('paste'), does('delete'), separator, does('selectAll')],
    ],
  }
  const view: Item = {
    label: menu.view,
    submenu: [
      ...[does('reload'), separator, does('resetZoom'), does('zoomIn'), does('zoomOut')],
      ...[separator, does('togglefullscreen')],
    ],
  }
  const window: Item = {
    role: 'windowMenu',
    label: menu.window,
    submenu: [does('minimize'), ...(isMac ? [does('zoom'), separator, does('front')] : [does('close')])],
  }
  const help: Item = {
    role: 'help',
    label: menu.help,
    submenu: [{ label: menu.diagnostics, click: () => open('/diagnostics') }],
  }
  return [...(isMac ? [ofApp] : []), file, edit, view, window, help]
}
