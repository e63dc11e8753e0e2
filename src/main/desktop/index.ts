import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
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
import { Saves } from './saves'
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
    electron: { app, BrowserWindow, dialog, Menu, Notification, Tray },
    openExternal,
    preload: join(dist, 'preload', 'index.cjs'),
    icon: join(dist, 'renderer', 'icon.png'),
    trayIcon: join(dist, 'renderer', trayIcon(process.platform)),
    hasTrayHost: isTrayShown,
    stateFile: paths.windowState,
  })
  guardSession(session.defaultSession)
  const saves = new Saves()
  saves.follow(session.defaultSession, (broken) => void desktop.tellBrokenSave(broken))
  protocol.handle(
    appScheme,
    answerScheme(join(dist, 'renderer'), {
      client: () => desktop.client,
      onBroken: (url, error) => saves.noteFailure(url, error),
    }),
  )
  desktop.start()
  return desktop
}

if (!process.env['VITEST']) void start()
