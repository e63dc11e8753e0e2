import type * as Electron from 'electron'
import type { Client } from '../../shared/contract'
import { createClient } from '../../shared/contract/client'
import { coreOverPort } from '../../shared/contract/message-port-transport'
import type { Notice, Settings } from '../../shared/model'
import { log } from '../core/platform/log'
import { appMenu } from './app-menu'
import type { CoreProcess } from './core-process'
import { Ending } from './ending'
import { externalUrl } from './external'
import { announce, announceBrokenSave, type Announcement } from './notices'
import { isInActivity, type BrokenSave } from './saves'
import { askMachine, emptyTray, followInventory, followMachines, runTrayAction, toTemplate } from './tray'
import type { TrayAction, TrayState } from './tray-menu'
import { endingMenu, trayMenu } from './tray-menu'
import type { TrayWords } from './tray-words'
import { trayWords } from './tray-words'
import { openMainWindow, showWindow } from './window'

export interface ShellOptions {
  readonly core: CoreProcess
  readonly electron: Pick<
    typeof Electron,
    'app' | 'BrowserWindow' | 'dialog' | 'Menu' | 'Notification' | 'Tray'
  >
  readonly openExternal: (url: string) => void
  readonly preload: string
  readonly icon: string
  readonly trayIcon: string
  readonly stateFile: string
  /** Whether the desktop shows tray icons at this moment. */
  readonly hasTrayHost: () => Promise<boolean>
}

/** Menus are rebuilt at most this often: a burst of events must not keep the shell busy. */
const trayPauseMs = 250

/** The desktop's face of core: one window, the tray, the menus and notifications. A client like any other. */
export class Shell {
  client: Client | undefined
  #window: Electron.BrowserWindow | undefined
  #tray: Electron.Tray | undefined
  #trayState: TrayState = emptyTray
  #trayTimer: NodeJS.Timeout | undefined
  #words: TrayWords
  #closesToTray = true
  #isQuitting = false
  readonly #ending: Ending

  constructor(private readonly options: ShellOptions) {
    this.#words = trayWords('system', options.electron.app.getLocale())
    this.#ending = new Ending({
      core: options.core,
      electron: options.electron,
      words: () => this.#words.ending,
      notify: (said, onClick) => this.#notify(said, onClick),
      onChanged: () => this.#draw(this.#trayState),
    })
  }

  start(): void {
    const { app } = this.options.electron
    this.options.core.onStarted(() => this.#join())
    this.options.core.start()
    app.on('second-instance', () => this.show())
    app.on('activate', () => this.show())
    app.on('before-quit', () => (this.#isQuitting = true))
    app.on('will-quit', (event) => this.#ending.handleQuit(event))
    app.on('window-all-closed', () => void this.#endUnseen())
    this.#makeTray()
    this.#makeMenu()
    this.show()
  }

  /** The tray keeps the app; where none is seen the last window takes it along. */
  async #endUnseen(): Promise<void> {
    if (this.#ending.isOn) return
    const isSeen = this.#tray !== undefined && (await this.options.hasTrayHost())
    if (!isSeen && (this.#window?.isDestroyed() ?? true)) this.options.electron.app.quit()
  }

  /** Shows the window, at `path` when one is given. A core that ends has none: what it does is said instead. */
  show(path?: string): void {
    if (this.#ending.isOn) return this.#ending.tell()
    if (!this.#window || this.#window.isDestroyed()) {
      // For the first page only: one that is loaded anew stays where it is.
      let first = path
      this.#window = openMainWindow({
        preload: this.options.preload,
        stateFile: this.options.stateFile,
        icon: this.options.icon,
        onPage: (window) => {
          this.#handPort(window, first)
          first = undefined
        },
        hidesOnClose: () => !this.#isQuitting && this.#closesToTray && this.#tray !== undefined,
        hasTrayHost: this.options.hasTrayHost,
        quit: () => this.options.electron.app.quit(),
        onStay: () => (this.#isQuitting = false),
        words: () => this.#words.unsaved,
      })
      return
    }
    showWindow(this.#window)
    if (path !== undefined) this.#window.webContents.send('slipway-navigate', path)
  }

  /** A page gets a port of its own; one that reloads gets a new one and the old closes with the page. */
  #handPort(window: Electron.BrowserWindow, path?: string): void {
    const port = this.options.core.connect()
    if (port) window.webContents.postMessage('slipway-port', null, [port])
    if (path !== undefined) window.webContents.send('slipway-navigate', path)
  }

  /** A core runs (again): the tray follows it, and an open window gets a port to it. */
  #join(): void {
    const port = this.options.core.connect()
    if (!port) return
    const client = createClient(coreOverPort(port))
    this.client = client
    client.onPush('settings.changed', (settings) => this.#apply(settings))
    client.onPush('notice.raised', (notice) => this.#announce(notice))
    client.onPush('window.navigate', ({ path }) => this.show(path))
    client.onClose(() => this.#draw(emptyTray))
    client.call('settings.get', {}).then((settings) => this.#apply(settings), ignoreGone)
    followInventory(client, (state) => this.#draw({ ...state, machines: this.#trayState.machines })).catch(
      ignoreGone,
    )
    followMachines(client, (machines) => this.#draw({ ...this.#trayState, machines })).catch(ignoreGone)
    if (this.#window && !this.#window.isDestroyed() && !this.#window.webContents.isLoading())
      this.#handPort(this.#window)
  }

  #apply(settings: Settings): void {
    this.#closesToTray = settings.closeToTray
    this.#words = trayWords(settings.language, this.options.electron.app.getLocale())
    this.#makeMenu()
    this.#draw(this.#trayState)
  }

  #makeTray(): void {
    const { Tray } = this.options.electron
    try {
      this.#tray = new Tray(this.options.trayIcon)
      this.#tray.setToolTip('Slipway')
      this.#tray.on('click', () => this.show())
    } catch (error) {
      // Its icon cannot be read: closing the window then quits.
      log.warn('tray', 'The tray could not be made', { error: String(error) })
    }
    this.#draw(emptyTray)
  }

  #makeMenu(): void {
    const { Menu } = this.options.electron
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(appMenu(this.#words, (path) => this.show(path), process.platform === 'darwin')),
    )
  }

  #draw(state: TrayState): void {
    this.#trayState = state
    if (!this.#tray || this.#trayTimer) return
    const { Menu } = this.options.electron
    const paint = (): void => {
      this.#trayTimer = undefined
      const entries = this.#ending.isOn ? endingMenu(this.#words) : trayMenu(this.#trayState, this.#words)
      const template = toTemplate(entries, (action) => this.#act(action))
      this.#tray?.setContextMenu(Menu.buildFromTemplate(template))
    }
    this.#trayTimer = setTimeout(paint, trayPauseMs)
  }

  #act(action: TrayAction): void {
    switch (action.do) {
      case 'open':
        return this.show(action.path)
      case 'browse': {
        const url = externalUrl(action.url)
        return url === undefined ? undefined : this.options.openExternal(url)
      }
      case 'quit':
        return this.options.electron.app.quit()
      case 'quit-now':
        return this.#ending.quitNow()
      case 'act':
        if (this.client) void runTrayAction(this.client, action)
        return
      case 'machine':
        if (this.client) void askMachine(this.client, action)
    }
  }

  #announce(notice: Notice): void {
    const said = announce(notice, this.#words)
    this.#notify(said, () => this.show(said.path))
  }

  /** A file that was being saved came to no good end. A person who looks at the window may read it there already. */
  async tellBrokenSave({ name, isByCore }: BrokenSave): Promise<void> {
    log.warn('desktop', 'A save broke off', { name })
    const isLooking = this.#window !== undefined && !this.#window.isDestroyed() && this.#window.isFocused()
    if (isLooking && isByCore && this.client && (await isInActivity(this.client).catch(() => false))) return
    this.#notify(announceBrokenSave(name, this.#words), () => this.show())
  }

  /** Gives back what takes it away again. */
  #notify({ title, body }: Announcement, onClick: () => void): () => void {
    const { Notification } = this.options.electron
    if (!Notification.isSupported()) return () => undefined
    const shown = new Notification({ title, body })
    shown.on('click', onClick)
    shown.show()
    return () => shown.close()
  }
}

/** The connection ended: `onStarted` joins the next core. */
function ignoreGone(error: unknown): void {
  log.info('desktop', 'The connection to core ended', { error: String(error) })
}
