import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  Menu,
  MessageChannelMain,
  Notification,
  protocol,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron'
import { log } from '../core/platform/log'
import { dataDirOf, pathsOf } from '../core/platform/paths'
import { CoreProcess } from './core-process'
import { guardApp, guardSession } from './guard'
import { answerScheme, appScheme } from './scheme'
import { Shell } from './shell'

/**
 * Shared folders and core's own files wait for the same few threads of Node, four by default. It counts only where it
 * stands before the process begins: an entry's own first line is too late.
 */
const fileThreads = '16'

/** How long core may take to end its engine and terminals when the app quits. */
const quitGraceMs = 25_000

protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
])

/**
 * Starts the desktop app, or runs what was typed behind its name: installed, it is the command `slipway` too. A second
 * start shows the first one's window and ends.
 */
export async function start(): Promise<Shell | undefined> {
  const typed = process.argv.slice(app.isPackaged ? 1 : 2)
  // Flags and files are for the window, which needs nothing of what a command takes with it.
  if (/^(\w|--help$|-h$)/.test(typed[0] ?? '')) {
    const { isCommand, runCommand } = await import('../cli/run-command')
    if (isCommand(typed)) {
      app.exit(await runCommand(typed, join(import.meta.dirname, '..', 'renderer')))
      return undefined
    }
  }
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return undefined
  }
  const paths = pathsOf(dataDirOf({ env: process.env }))
  const openExternal = (url: string): void => {
    shell
      .openExternal(url)
      .catch((error: unknown) => log.warn('desktop', 'The browser did not open', { error: String(error) }))
  }
  guardApp(app, openExternal)
  await app.whenReady()
  const core = new CoreProcess({
    fork: () =>
      utilityProcess.fork(join(import.meta.dirname, 'core-host.js'), [], {
        serviceName: 'Slipway core',
        stdio: 'inherit',
        env: { ...process.env, UV_THREADPOOL_SIZE: process.env['UV_THREADPOOL_SIZE'] ?? fileThreads },
      }),
    channel: () => new MessageChannelMain(),
    after: (ms, run) => void setTimeout(run, ms),
  })
  const dist = join(import.meta.dirname, '..')
  const desktop = new Shell({
    core,
    electron: { app, BrowserWindow, Menu, Notification, Tray },
    openExternal,
    preload: join(dist, 'preload', 'index.cjs'),
    icon: join(dist, 'renderer', 'icon.png'),
    stateFile: paths.windowState,
  })
  guardSession(session.defaultSession)
  protocol.handle(
    appScheme,
    answerScheme(join(dist, 'renderer'), () => desktop.client),
  )
  endWithCore(core)
  desktop.start()
  return desktop
}

/** Quitting waits for core to stop what it started, with a limit. */
function endWithCore(core: CoreProcess): void {
  let isStopped = false
  app.on('will-quit', (event) => {
    if (isStopped) return
    event.preventDefault()
    void core.stop(quitGraceMs).finally(() => {
      isStopped = true
      app.quit()
    })
  })
}

if (!process.env['VITEST']) void start()
