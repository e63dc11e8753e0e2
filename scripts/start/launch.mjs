// Runs the app and ends it cleanly.
import { spawn } from 'node:child_process'
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { addressIn, browserArgs, redirectPage } from './window.mjs'

/** The app must have said its address by then, also on a busy machine that starts an engine meanwhile. */
const addressLimitMs = 60_000
/** Core suspends its machines, which may take a quarter of an hour on a slow disk, and stops its engine. */
const endLimitMs = 16 * 60_000
/** What ends at once needs no words. */
const sayAfterMs = 2000

/** Where the app keeps its data: the same rule as in core's paths. @param {Record<string, string | undefined>} env */
export function dataDir(env) {
  if (env['SLIPWAY_HOME']) return env['SLIPWAY_HOME']
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Slipway')
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] ?? homedir(), 'Slipway')
  return join(
    env['XDG_DATA_HOME']?.startsWith('/') ? env['XDG_DATA_HOME'] : join(homedir(), '.local', 'share'),
    'slipway',
  )
}

/**
 * @param {{ root: string, electron: string, isRoot: boolean }} app
 * @returns {Promise<{ code: number | null, isAsked: boolean, ms: number }>} how it ended, and after what time
 */
export function runElectron({ root, electron, isRoot }) {
  const child = spawn(electron, ['.', ...(isRoot ? ['--no-sandbox'] : [])], {
    cwd: root,
    stdio: 'inherit',
    env: withoutNodeMode(),
  })
  const startedMs = Date.now()
  return endOf(child).then((end) => ({ ...end, ms: Date.now() - startedMs }))
}

/** Editors export this; Electron would then start as plain Node. */
function withoutNodeMode() {
  const env = { ...process.env }
  delete env['ELECTRON_RUN_AS_NODE']
  return env
}

/**
 * Starts `serve`, and a browser window on it when one is given. The window's end is the app's.
 * @param {{ root: string, port: number | undefined, browser: string | undefined, isRoot: boolean, say: (text: string) => void }} app
 * @returns {Promise<number>} exit code
 */
export async function runServe({ root, port, browser, isRoot, say }) {
  const serve = spawn(process.execPath, ['dist/main/serve.js', ...(port ? ['--port', String(port)] : [])], {
    cwd: root,
    stdio: ['inherit', 'pipe', 'inherit'],
    // Shared folders and core's own files wait for the same threads; it counts only before a process begins.
    env: { UV_THREADPOOL_SIZE: '16', ...process.env },
  })
  const ended = endOf(serve).then(exitCodeOf)
  const address = await addressOf(serve)
  if (address === undefined) return ended
  if (!browser) {
    say(`Open ${address}`)
    say('Ctrl+C ends Slipway')
    return ended
  }
  say(`Slipway runs at ${address.replace(/#.*/, '')}`)
  const window = openWindow({ address, browser, isRoot })
  window.once('exit', () => serve.kill('SIGTERM'))
  window.once('error', () => say(`The window could not be opened. Open ${address}`))
  serve.once('exit', () => window.kill('SIGTERM'))
  return ended
}

/** @param {import('node:child_process').ChildProcess} serve @returns {Promise<string | undefined>} */
function addressOf(serve) {
  return new Promise((resolve) => {
    let text = ''
    const timer = setTimeout(() => resolve(undefined), addressLimitMs)
    const settle = (/** @type {string | undefined} */ address) => {
      clearTimeout(timer)
      resolve(address)
    }
    serve.stdout?.setEncoding('utf8')
    serve.stdout?.on('data', (/** @type {string} */ chunk) => {
      // Read on for ever: a pipe that nobody empties would stop the app.
      if (text.length < 65_536) text += chunk
      const whole = text.slice(0, text.lastIndexOf('\n') + 1)
      const address = addressIn(whole)
      if (address) settle(address)
    })
    serve.once('exit', () => settle(undefined))
  })
}

/** @param {{ address: string, browser: string, isRoot: boolean }} window */
function openWindow({ address, browser, isRoot }) {
  const folder = dataDir(process.env)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // A snap sees no hidden folder of the home, and the usual data folder is in one.
  const isSnap = realpathSync(browser).includes('/snap')
  const page = isSnap ? join(homedir(), `slipway-${process.pid}.html`) : join(folder, 'open.html')
  rmSync(page, { force: true })
  writeFileSync(page, redirectPage(address), { mode: 0o600, flag: 'wx' })
  const profile = isSnap ? join(homedir(), 'snap', 'slipway-window') : join(folder, 'browser')
  const child = spawn(browser, browserArgs({ page: pathToFileURL(page).href, profile, isRoot }), {
    stdio: 'ignore',
  })
  child.once('exit', () => rmSync(page, { force: true }))
  return child
}

const endingWords =
  'Slipway saves its machines and ends its engine. Ctrl+C again ends it at once, and loses what they hold.'

/**
 * The end of a child, also by Ctrl-C: it is asked once, waited for, and then killed.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ code: number | null, isAsked: boolean }>} a code of null is a signal's
 */
function endOf(child) {
  let isAsked = false
  let isGone = false
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    // The terminal has told the whole group already; a signal from elsewhere has not.
    if (isAsked || signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(isAsked ? 'SIGKILL' : 'SIGTERM')
    if (!isAsked) {
      setTimeout(() => child.kill('SIGKILL'), endLimitMs).unref()
      setTimeout(() => isGone || console.log(endingWords), sayAfterMs).unref()
    }
    isAsked = true
  }
  const signals = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  for (const signal of signals) process.on(signal, stop)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      isGone = true
      resolve({ code, isAsked })
    })
  }).finally(() => {
    for (const signal of signals) process.off(signal, stop)
  })
}

/** Ours after a child's end: one that was asked to end has done well. @param {{ code: number | null, isAsked: boolean }} end */
export const exitCodeOf = ({ code, isAsked }) => (isAsked ? 0 : (code ?? 1))
