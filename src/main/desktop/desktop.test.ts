import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import * as fake from '../../../testing/electron/fake-electron'
import { createClient } from '../../shared/contract/client'
import { coreOverPort } from '../../shared/contract/message-port-transport'
import type { ClientMessage } from '../../shared/contract/wire'

vi.mock('electron', () => import('../../../testing/electron/fake-electron'))
const { start } = await import('./index')

/** A core that answers what the shell asks: settings, one container, and records the rest. */
function answer(child: fake.FakeProcess, asked: string[]): void {
  const serve = (port: fake.MessagePortMain): void => {
    port.on('message', ({ data }: { data: ClientMessage }) => {
      if (data.t === 'call') {
        asked.push(`${data.name} ${JSON.stringify(data.args)}`)
        port.postMessage({ t: 'ok', id: data.id, value: data.name === 'settings.get' ? settings : null })
      }
      if (data.t === 'open') port.postMessage({ t: 'data', id: data.id, value: firstItems[data.name] })
      if (data.t === 'open' && data.name === 'downloads.read') {
        port.postMessage({ t: 'data', id: data.id, value: new Uint8Array([104, 105]) })
        port.postMessage({ t: 'end', id: data.id })
      }
    })
    port.start()
  }
  child.on('posted', (message: { kind: string }, ports: fake.MessagePortMain[]) => {
    if (message.kind === 'client' && ports[0]) serve(ports[0])
    if (message.kind === 'stop') queueMicrotask(() => child.emit('exit', 0))
  })
}

const settings = { theme: 'system', language: 'en', notify: {}, closeToTray: true, engines: [], ui: {} }
const head = { kind: 'head', name: 'image é.tar', sizeBytes: 2 }
const web = {
  labels: {},
  engine: 'local',
  id: 'w1',
  name: 'web',
  state: 'running',
  ports: [],
  createdAtMs: 1,
}
const snapshot = {
  kind: 'snapshot',
  engines: [{ id: 'local', name: 'Local', state: { kind: 'running', sinceMs: 0 } }],
  roads: [],
  slices: [{ engine: 'local', kind: 'containers', rev: 1, rows: [web] }],
}

const vm = { id: 'vm', engine: 'vm', settings: { name: 'vm' }, state: { kind: 'running', sinceMs: 0 } }
const firstItems: Readonly<Record<string, unknown>> = {
  'downloads.read': head,
  'inventory.watch': snapshot,
  'machines.watch': [vm],
}

async function launch(hasTrayHost = true) {
  const asked: string[] = []
  const spy = vi.spyOn(fake.utilityProcess, 'fork').mockImplementation((path) => {
    const child = new fake.FakeProcess(path)
    fake.state.forks.push(child)
    answer(child, asked)
    return child
  })
  const shell = await start(() => Promise.resolve(hasTrayHost))
  spy.mockRestore()
  return {
    shell,
    asked,
    window: fake.state.windows[0] as fake.BrowserWindow,
    tray: fake.state.trays[0] as fake.Tray,
  }
}

const entry = (menu: fake.FakeMenu | undefined, label: string): fake.MenuEntry | undefined =>
  menu?.template.find((one) => one.label?.startsWith(label))

beforeEach(() => {
  process.env['SLIPWAY_HOME'] = '/nonexistent/slipway-desktop-test'
  fake.reset()
})
afterEach(() => {
  delete process.env['SLIPWAY_HOME']
})

test('a second start ends itself and the first shows its window', async () => {
  fake.state.hasLock = false
  expect(await start()).toBeUndefined()
  expect(fake.state.quits).toBe(1)
  fake.reset()
  const { window } = await launch()
  window.hide()
  fake.app.emit('second-instance')
  expect(window.isShown).toBe(true)
})

test('the window has a sandbox, no Node and no webview', async () => {
  const { window } = await launch()
  expect(window.options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  })
  expect(window.webContents.url).toBe('slipway://app/index.html')
})

test('nothing opens, leaves or embeds; web links go to the browser', async () => {
  const { window } = await launch()
  for (const url of ['file:///etc/passwd', 'javascript:1', 'slipway://evil/'])
    expect(window.webContents.openHandler({ url })).toEqual({ action: 'deny' })
  expect(fake.state.opened).toEqual([])
  expect(window.webContents.openHandler({ url: 'https://example.org/' })).toEqual({ action: 'deny' })
  expect(fake.state.opened).toEqual(['https://example.org/'])
  for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
    const event = { preventDefault: vi.fn(), url: 'https://evil.example/' }
    window.webContents.emit(name, event)
    expect(event.preventDefault, name).toHaveBeenCalled()
  }
  const own = { preventDefault: vi.fn(), url: 'slipway://app/index.html' }
  window.webContents.emit('will-navigate', own)
  expect(own.preventDefault).not.toHaveBeenCalled()
})

test('every permission but the clipboard is denied, and that to our own origin only', async () => {
  const { window } = await launch()
  const ask = (permission: string, contents: fake.WebContents | null): boolean => {
    let is = true
    fake.session.defaultSession.request?.(contents, permission, (allowed) => (is = allowed))
    return is
  }
  for (const permission of [
    'geolocation',
    'media',
    'notifications',
    'openExternal',
    'fileSystem',
    'hid',
    'serial',
    'usb',
  ]) {
    expect(ask(permission, window.webContents), permission).toBe(false)
    expect(
      fake.session.defaultSession.check?.(window.webContents, permission, 'slipway://app'),
      permission,
    ).toBe(false)
  }
  expect(ask('clipboard-sanitized-write', window.webContents)).toBe(true)
  expect(ask('clipboard-sanitized-write', null)).toBe(false)
  expect(fake.session.defaultSession.check?.(null, 'clipboard-read', 'https://evil.example')).toBe(false)
})

test('the own protocol stays in the window’s folder', async () => {
  await launch()
  const get = fake.state.handlers.get('slipway')
  const status = async (url: string, init?: RequestInit): Promise<number | undefined> =>
    (await get?.(new Request(url, init)))?.status
  expect(await status('slipway://app/..%2f..%2f..%2fetc/passwd')).toBe(403)
  expect(await status('slipway://app/%5c..%5cx')).toBe(400)
  expect(await status('slipway://app/%00')).toBe(400)
  expect(await status('slipway://other/index.html')).toBe(405)
  expect(await status('slipway://app/index.html', { method: 'POST' })).toBe(405)
  expect(await status('slipway://app/missing.js')).toBe(404)
})

test('a download ticket is answered through the contract, as an attachment', async () => {
  const { shell } = await launch()
  await expect.poll(() => shell?.client).toBeDefined()
  const response = await fake.state.handlers.get('slipway')?.(new Request('slipway://app/download/abc'))
  expect(response?.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''image%20%C3%A9.tar")
  expect(response?.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await response?.text()).toBe('hi')
})

test('each page gets a port of its own to core, over which calls work', async () => {
  const { window, asked } = await launch()
  const [port] = window.webContents.ports
  const client = createClient(coreOverPort(port as never))
  await client.call('containers.start', { engine: 'local', id: 'x' })
  expect(asked.some((one) => one.startsWith('containers.start'))).toBe(true)
  window.webContents.emit('did-finish-load')
  expect(window.webContents.ports.length).toBeGreaterThan(1)
})

test('the tray suspends a machine through the contract', async () => {
  const { tray, asked } = await launch()
  await expect.poll(() => entry(tray.menu, 'vm')).toBeDefined()
  entry(tray.menu, 'vm')
    ?.submenu?.find((one) => one.label === 'Suspend')
    ?.click?.()
  await expect.poll(() => asked).toContain('machines.stop {"machine":"vm","how":"suspend"}')
})

test('the tray follows core and acts through the contract', async () => {
  const { tray, asked } = await launch()
  await expect.poll(() => entry(tray.menu, 'web')).toBeDefined()
  const stop = entry(tray.menu, 'web')?.submenu?.find((one) => one.label === 'Stop')
  stop?.click?.()
  await expect.poll(() => asked).toContain('containers.stop {"engine":"local","id":"w1"}')
})

test('installed, it is the command line too, and opens no window then', async () => {
  const argv = process.argv
  const said = vi.spyOn(console, 'log').mockReturnValue()
  const complained = vi.spyOn(console, 'error').mockReturnValue()
  fake.app.isPackaged = true
  process.argv = ['/opt/Slipway/slipway', 'machine', '--help']
  onTestFinished(() => {
    process.argv = argv
    fake.app.isPackaged = false
    said.mockRestore()
    complained.mockRestore()
  })
  expect(await start()).toBeUndefined()
  expect(fake.state.exits).toEqual([0])
  expect(said.mock.calls.join()).toContain('slipway machine')
  expect([fake.state.windows.length, fake.state.forks.length]).toEqual([0, 0])
  for (const word of ['machien', 'help']) {
    process.argv = ['/opt/Slipway/slipway', word, 'ls']
    await start()
  }
  expect(fake.state.exits).toEqual([0, 2, 0])
  expect(complained.mock.calls.join()).toContain('There is no command machien')
  expect([fake.state.windows.length, fake.state.forks.length]).toEqual([0, 0])
  process.argv = ['/opt/Slipway/slipway', '--some-switch', 'machine']
  const { window } = await launch()
  expect(window.isDestroyed()).toBe(false)
})

test('closing hides into the tray, and quitting ends core first', async () => {
  const { window } = await launch()
  window.close()
  await expect.poll(() => window.isShown).toBe(false)
  expect(window.isDestroyed()).toBe(false)
  fake.app.quit()
  const core = fake.state.forks[0] as fake.FakeProcess
  expect(core.posted.some(({ message }) => (message as { kind: string }).kind === 'stop')).toBe(true)
  // The second quit, after core has gone, is let through.
  await expect.poll(() => fake.state.quits).toBe(2)
})

test('a window opens where the last one was closed', async () => {
  const home = mkdtempSync(join(tmpdir(), 'slipway-desktop-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  process.env['SLIPWAY_HOME'] = home
  const { window } = await launch()
  expect(window.options).not.toMatchObject({ width: 900 })
  window.close()
  await expect.poll(() => readdirSync(home)).toContain('window.json')
  fake.reset()
  const next = await launch()
  expect(next.window.options).toMatchObject({ x: 10, y: 20, width: 900, height: 700 })
})

test('where no tray is seen, closing quits', async () => {
  const { window } = await launch(false)
  window.close()
  await expect.poll(() => fake.state.quits).toBeGreaterThan(0)
  expect(window.isShown).toBe(true)
})

test('a window that is closed for good takes the app along only where no tray is seen', async () => {
  const answered = settings.closeToTray
  settings.closeToTray = false
  onTestFinished(() => void (settings.closeToTray = answered))
  const { window, asked } = await launch()
  await expect.poll(() => asked.some((one) => one.startsWith('settings.get'))).toBe(true)
  await expect.poll(() => (window.close(), window.isDestroyed())).toBe(true)
  await Promise.resolve()
  expect(fake.state.quits).toBe(0)
  fake.reset()
  const other = await launch(false)
  other.window.close()
  await expect.poll(() => fake.state.quits).toBeGreaterThan(0)
})

test('who quits and then keeps unsaved changes has a window that hides as before', async () => {
  const { window } = await launch()
  const event = { preventDefault: vi.fn() }
  fake.app.emit('before-quit')
  fake.state.dialogAnswer = 1
  window.webContents.emit('will-prevent-unload', event)
  expect(event.preventDefault).not.toHaveBeenCalled()
  window.close()
  await expect.poll(() => window.isShown).toBe(false)
  expect(window.isDestroyed()).toBe(false)
})

test('a page that crashed is loaded again, and one that ended well is not', async () => {
  const { window } = await launch()
  const reload = vi.spyOn(window.webContents, 'reload')
  window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit' })
  window.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
  await expect.poll(() => reload.mock.calls.length).toBe(1)
})

test('a window is led to a page once: one that is loaded anew stays where it is', async () => {
  const { shell, window } = await launch()
  const led = (one: fake.BrowserWindow): number =>
    one.webContents.sent.filter(({ channel }) => channel === 'slipway-navigate').length
  fake.app.emit('before-quit')
  window.close()
  shell?.show('/images')
  const second = fake.state.windows[1] as fake.BrowserWindow
  expect(led(second)).toBe(1)
  second.webContents.reload()
  expect(led(second)).toBe(1)
})

test('the application menu leads the window to a page, in the language of the settings', async () => {
  settings.language = 'ko'
  onTestFinished(() => void (settings.language = 'en'))
  const { window } = await launch()
  await expect.poll(() => entry(fake.state.applicationMenu, '파일')).toBeDefined()
  entry(fake.state.applicationMenu, '파일')?.submenu?.[0]?.click?.()
  expect(window.webContents.sent.at(-1)).toEqual({ channel: 'slipway-navigate', args: ['/run'] })
})

test('a core that crashes is started again and the window gets a new port', async () => {
  const { window } = await launch()
  const before = window.webContents.ports.length
  fake.state.forks[0]?.emit('exit', 1)
  await expect.poll(() => fake.state.forks.length).toBe(2)
  await expect.poll(() => window.webContents.ports.length).toBeGreaterThan(before)
})
