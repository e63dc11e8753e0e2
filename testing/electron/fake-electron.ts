import { EventEmitter } from 'node:events'

/**
 * The few parts of Electron that the desktop shell uses, in memory. What is not modelled does not exist:
 * an unmodelled call throws. Messages are cloned as Electron's ports do, so functions and classes fail.
 */
export const state = {
  hasLock: true,
  quits: 0,
  exits: [] as number[],
  windows: [] as BrowserWindow[],
  schemes: [] as unknown[],
  handlers: new Map<string, (request: Request) => Promise<Response>>(),
  opened: [] as string[],
  trays: [] as Tray[],
  applicationMenu: undefined as FakeMenu | undefined,
  notifications: [] as Notification[],
  forks: [] as FakeProcess[],
  locale: 'en-US',
  /** Which button of a dialog is clicked. */
  dialogAnswer: 0,
}

export function reset(): void {
  Object.assign(state, {
    hasLock: true,
    quits: 0,
    exits: [],
    windows: [],
    schemes: [],
    opened: [],
    trays: [],
    notifications: [],
    forks: [],
    dialogAnswer: 0,
  })
  state.handlers.clear()
  app.removeAllListeners()
  session.defaultSession.removeAllListeners()
}

/** One end of a channel: starts when asked to, clones what it carries, tells its other end when it closes. */
export class MessagePortMain extends EventEmitter {
  other: MessagePortMain | undefined
  #queue: unknown[] = []
  #isStarted = false
  #isClosed = false

  postMessage(data: unknown): void {
    if (this.#isClosed) return
    const copy: unknown = structuredClone(data)
    queueMicrotask(() => this.other?.receive(copy))
  }

  receive(data: unknown): void {
    if (this.#isClosed) return
    if (this.#isStarted) this.emit('message', { data, ports: [] })
    else this.#queue.push(data)
  }

  start(): void {
    this.#isStarted = true
    for (const data of this.#queue.splice(0)) this.emit('message', { data, ports: [] })
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.emit('close')
    queueMicrotask(() => this.other?.close())
  }
}

export class MessageChannelMain {
  readonly port1 = new MessagePortMain()
  readonly port2 = new MessagePortMain()
  constructor() {
    this.port1.other = this.port2
    this.port2.other = this.port1
  }
}

/** A utility process that ran nothing: the test answers for it. */
export class FakeProcess extends EventEmitter {
  readonly posted: { message: unknown; ports: readonly MessagePortMain[] }[] = []
  isKilled = false
  constructor(readonly modulePath: string) {
    super()
  }
  postMessage(message: unknown, ports: readonly MessagePortMain[] = []): void {
    this.posted.push({ message: structuredClone(message), ports })
    this.emit('posted', message, ports)
  }
  kill(): boolean {
    this.isKilled = true
    queueMicrotask(() => this.emit('exit', 0))
    return true
  }
}

export const utilityProcess = {
  fork(modulePath: string): FakeProcess {
    const child = new FakeProcess(modulePath)
    state.forks.push(child)
    return child
  },
}

export class WebContents extends EventEmitter {
  url = ''
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  readonly sent: { channel: string; args: unknown[] }[] = []
  readonly ports: MessagePortMain[] = []
  getURL(): string {
    return this.url
  }
  isDestroyed(): boolean {
    return false
  }
  reload(): void {
    this.emit('did-finish-load')
  }
  isLoading(): boolean {
    return false
  }
  send(channel: string, ...args: unknown[]): void {
    this.sent.push({ channel, args: structuredClone(args) })
  }
  postMessage(channel: string, message: unknown, ports: MessagePortMain[] = []): void {
    this.sent.push({ channel, args: [structuredClone(message)] })
    this.ports.push(...ports)
  }
  setWindowOpenHandler(handler: typeof this.openHandler): void {
    this.openHandler = handler
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents()
  isShown = false
  #isDestroyed = false
  constructor(readonly options: { webPreferences: Record<string, unknown> } & Record<string, unknown>) {
    super()
    state.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  loadURL(url: string): Promise<void> {
    this.webContents.url = url
    this.emit('ready-to-show')
    this.webContents.emit('did-finish-load')
    return Promise.resolve()
  }
  /** What the person's click on the close button does. */
  close(): void {
    let isPrevented = false
    this.emit('close', { preventDefault: () => (isPrevented = true) })
    if (isPrevented) return
    this.#isDestroyed = true
    this.emit('closed')
    app.emit('window-all-closed')
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
  isMinimized(): boolean {
    return false
  }
  isMaximized(): boolean {
    return false
  }
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return { x: 10, y: 20, width: 900, height: 700 }
  }
  restore(): void {}
  maximize(): void {}
  focus(): void {}
  isFocused(): boolean {
    return this.isShown
  }
  show(): void {
    this.isShown = true
  }
  hide(): void {
    this.isShown = false
  }
}

export class Tray extends EventEmitter {
  menu: FakeMenu | undefined
  constructor(readonly image: string) {
    super()
    state.trays.push(this)
  }
  setToolTip(): void {}
  setContextMenu(menu: FakeMenu): void {
    this.menu = menu
  }
}

export interface FakeMenu {
  readonly template: readonly MenuEntry[]
}
export interface MenuEntry {
  readonly label?: string
  readonly type?: string
  readonly role?: string
  readonly enabled?: boolean
  readonly click?: () => void
  readonly submenu?: readonly MenuEntry[]
}
export const Menu = {
  buildFromTemplate: (template: readonly MenuEntry[]): FakeMenu => ({ template }),
  setApplicationMenu: (menu: FakeMenu): void => void (state.applicationMenu = menu),
}

export class Notification extends EventEmitter {
  static isSupported = (): boolean => true
  constructor(readonly options: { title: string; body: string }) {
    super()
  }
  show(): void {
    state.notifications.push(this)
  }
  close(): void {
    state.notifications = state.notifications.filter((one) => one !== this)
  }
}

class App extends EventEmitter {
  isPackaged = false
  exit = (code: number): void => void state.exits.push(code)
  requestSingleInstanceLock = (): boolean => state.hasLock
  whenReady = (): Promise<void> => Promise.resolve()
  getLocale = (): string => state.locale
  quit(): void {
    state.quits++
    this.emit('before-quit')
    let isPrevented = false
    this.emit('will-quit', { preventDefault: () => (isPrevented = true) })
    if (!isPrevented) this.emit('quit')
  }
}
export const app = new App()
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] }
export const shell = {
  openExternal: (url: string): Promise<void> => {
    state.opened.push(url)
    return Promise.resolve()
  },
}
export const protocol = {
  registerSchemesAsPrivileged: (schemes: readonly unknown[]): void => void state.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>): void =>
    void state.handlers.set(scheme, handler),
}

type Answer = (allowed: boolean) => void
class Session extends EventEmitter {
  request: ((contents: WebContents | null, permission: string, answer: Answer) => void) | undefined
  check: ((contents: WebContents | null, permission: string, origin: string) => boolean) | undefined
  device: (() => boolean) | undefined
  setPermissionRequestHandler(handler: NonNullable<typeof this.request>): void {
    this.request = handler
  }
  setPermissionCheckHandler(handler: NonNullable<typeof this.check>): void {
    this.check = handler
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.device = handler
  }
}
export const session = { defaultSession: new Session() }
export const dialog = {
  showMessageBoxSync: (): number => state.dialogAnswer,
  showMessageBox: (): Promise<{ response: number }> => Promise.resolve({ response: state.dialogAnswer }),
}
