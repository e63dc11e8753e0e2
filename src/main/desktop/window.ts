import { existsSync, readFileSync } from 'node:fs'
import { BrowserWindow, dialog, screen } from 'electron'
import { log } from '../core/platform/log'
import { writeAtomic } from '../core/platform/atomic-file'
import { reloadCrashed } from './crashed-page'
import { appUrl } from './scheme'
import type { TrayWords } from './tray-words'
import type { WindowState } from './window-state'
import { minimumSize, restoreState } from './window-state'

/** What the window gets and no more: a sandbox, no Node, and a preload that hands it one port. */
export const webPreferences = (preload: string) => ({
  preload,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  spellcheck: false,
  // A hidden window's timers slow down: idle costs nothing.
  backgroundThrottling: true,
})

export interface MainWindowOptions {
  readonly preload: string
  readonly stateFile: string
  readonly icon: string
  /** Called for each page that is ready for its port: the first load and every reload. */
  readonly onPage: (window: BrowserWindow) => void
  /** True: closing hides the window instead, where a tray shows how it comes back. */
  readonly hidesOnClose: () => boolean
  readonly hasTrayHost: () => Promise<boolean>
  /** Closing ends the app, as there is no tray. */
  readonly quit: () => void
  /** The person keeps the page that was to be closed. */
  readonly onStay: () => void
  readonly words: () => TrayWords['unsaved']
}

/** The main window, where the person left it. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const state = restoreState(
    existsSync(options.stateFile) ? readFileSync(options.stateFile, 'utf8') : undefined,
    screen.getAllDisplays().map((display) => display.workArea),
  )
  const { isMaximized, width, height, x, y } = state
  const window = new BrowserWindow({
    width,
    height,
    ...(x !== undefined && y !== undefined && { x, y }),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    show: false,
    title: 'Slipway',
    icon: options.icon,
    webPreferences: webPreferences(options.preload),
  })
  if (isMaximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.webContents.on('did-finish-load', () => options.onPage(window))
  window.on('close', (event) => {
    remember(window, options.stateFile)
    if (!options.hidesOnClose()) return
    event.preventDefault()
    // Asked each time: a desktop's extensions come and go.
    void options.hasTrayHost().then((hasHost) => {
      if (!hasHost) options.quit()
      else if (!window.isDestroyed()) window.hide()
    })
  })
  // Electron asks nobody: a page with unsaved files would simply not close.
  window.webContents.on('will-prevent-unload', (event) => {
    if (isToLeave(window, options.words())) event.preventDefault()
    else options.onStay()
  })
  reloadCrashed(window.webContents)
  window
    .loadURL(appUrl)
    .catch((error: unknown) => log.error('window', 'The window did not load', { error: String(error) }))
  return window
}

function isToLeave(window: BrowserWindow, words: TrayWords['unsaved']): boolean {
  const buttons = [words.leave, words.stay]
  return (
    dialog.showMessageBoxSync(window, {
      type: 'question',
      message: words.ask,
      buttons,
      defaultId: 1,
      cancelId: 1,
    }) === 0
  )
}

export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

function remember(window: BrowserWindow, file: string): void {
  const state: WindowState = { ...window.getNormalBounds(), isMaximized: window.isMaximized() }
  writeAtomic(file, JSON.stringify(state)).catch((error: unknown) => {
    log.warn('window', 'The window state was not saved', { error: String(error) })
  })
}
