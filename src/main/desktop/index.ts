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
import { followSaves } from './saves'
import { answerScheme, appScheme } from './scheme'
import { Shell } from './shell'
import { trayIcon } from './tray'
import { hasTrayHost } from './tray-host'

/**
 * Shared folders and core's own files wait for the same few threads of Node, four by default. It counts only where it
 * stands before the process begins: an entry's own first line is too late.
 */
const fileThreads = '16'

/**
 * How long core may take to end what it runs when the app quits: a suspend has 10 minutes for a large machine on a slow
 * disk, and where it fails an emulated machine has 4 more to shut down.
 */
const quitGraceMs = 15 * 60_000

/**
 * A word is meant for the command line, which says so when it knows no such command. Switches and files are for the
 * window.
 */
const isCommandLine = /^([a-z][\w-]*|--help|-h)$/i

protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
])

/**
 * Starts the desktop app, or runs what was typed behind its name: installed, it is the command `slipway` too. A second
 * start shows the first one's window and ends.
 */
export async function start(
  isTrayShown = (): Promise<boolean> => hasTrayHost(process.platform),
): Promise<Shell | undefined> {
  const typed = process.argv.slice(app.isPackaged ? 1 : 2)
  if (isCommandLine.test(typed[0] ?? '')) {
    // The window needs nothing of what a command takes with it.
    const { runCommand } = await import('../cli/run-command')
    app.exit(await runCommand(typed, join(import.meta.dirname, '..', 'renderer')))
    return undefined
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
    trayIcon: join(dist, 'renderer', trayIcon(process.platform)),
    hasTrayHost: isTrayShown,
    stateFile: paths.windowState,
  })
  guardSession(session.defaultSession)
  followSaves(session.defaultSession, (name) => desktop.tellBrokenSave(name))
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
