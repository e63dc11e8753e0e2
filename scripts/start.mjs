// `npm start`: sets up what is missing, then opens the app. Plain Node: nothing is installed before.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { buildAgent } from './agent-build.mjs'
import { installApt, installNpm, isRoot, which } from './setup/install.mjs'
import { engineFacts, engineStep } from './start/engine.mjs'
import { runElectron, runServe } from './start/launch.mjs'
import { buildImage, installMachine, startMachine } from './start/machine.mjs'
import { readOptions, usage } from './start/options.mjs'
import { isStamped, isYounger, setStamp, sourceStamp } from './start/stamp.mjs'
import { browserNames, chooseWindow, hasDisplay } from './start/window.mjs'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const dayMs = 86_400_000
const downloadLimitMs = 180_000

let steps = 5
let step = 0
/** @param {string} text */
const say = (text) => console.log(text)
/** @param {string} text */
const begin = (text) => say(`[${++step}/${steps}] ${text}`)

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(`Slipway needs Node 20.19 or newer; this is ${process.version}`)
}

/** node-pty has no ready binary for Linux: it is compiled by npm. */
function packages() {
  const lacksPty = !existsSync(join(root, 'node_modules/node-pty/build/Release/pty.node'))
  if (process.platform === 'linux' && lacksPty && which('apt-get'))
    installApt({ python3: 'python3', make: 'make', 'g++': 'g++' })
  begin(installNpm(root) ? 'npm packages: installed' : 'npm packages: up to date')
}

function build() {
  const file = join(root, 'dist', '.slipway-stamp')
  const stamp = sourceStamp(root)
  if (isStamped(file, stamp)) return begin('build: up to date')
  begin('build: building')
  const electronVite = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  const ran = spawnSync(process.execPath, [electronVite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (ran.status !== 0) throw new Error('The build failed: see above')
  mkdirSync(join(root, 'dist'), { recursive: true })
  setStamp(file, stamp)
}

/** The program beside engines. A compiler is much to install for what the app works without. */
function agent() {
  if (!which('go'))
    return begin('agent: not built, as there is no Go here; the app works without, a little slower')
  try {
    begin(buildAgent(root).isNew ? 'agent: built' : 'agent: up to date')
  } catch (error) {
    begin(
      `agent: not built, the app works without. ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** @param {boolean} yes */
async function engine(yes) {
  const isSilent = yes || !process.stdin.isTTY || !process.stdout.isTTY
  const { step, why } = engineStep({ ...engineFacts(process.env, which), isSilent })
  if (step === 'none') return begin(`engine: nothing to install, ${why}`)
  if (step === 'impossible') return begin(`engine: none can be installed, ${why}. The app will say more.`)
  if (step === 'ask' && !(await agrees()))
    return begin('engine: not installed, as you said. The app will say more.')
  begin(`engine: installing the package docker.io, as ${why}`)
  try {
    installApt({ dockerd: 'docker.io' })
  } catch (error) {
    // The app opens all the same, and says which roads there are.
    say(`      ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** In place of an engine of this host: QEMU and the image of the machine that brings one. */
function machine() {
  if (process.platform !== 'linux')
    throw new Error('--machine vm builds its image on Linux only; the released app brings one')
  begin('machine: QEMU and the tools that build its image')
  const installed = installMachine()
  say(installed.length > 0 ? `      installed: ${installed.join(' ')}` : '      all there')
  begin('image: building it from Debian packages; at once when nothing changed')
  buildImage(root)
}

async function agrees() {
  const asked = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await asked.question(
    'There is no container engine here. Install the package docker.io with apt-get? [Y/n] ',
  )
  asked.close()
  return !/^n/i.test(answer.trim())
}

/** Where Electron's binary is, by the two ways that its package knows. */
function electronBinary() {
  const folder = join(root, 'node_modules/electron')
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron'
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist')
  const path = join(dist, name)
  return existsSync(path) ? path : undefined
}

const failedDownload = join(root, 'node_modules/.cache/slipway-electron-failed')

function downloadElectron() {
  say('      downloading Electron (about 110 MB, once)')
  const script = join(root, 'node_modules/electron/install.js')
  const ran = spawnSync(process.execPath, [script], {
    stdio: ['ignore', 'inherit', 'pipe'],
    timeout: downloadLimitMs,
    killSignal: 'SIGKILL',
  })
  if (ran.status === 0 && electronBinary()) return
  mkdirSync(join(failedDownload, '..'), { recursive: true })
  writeFileSync(failedDownload, '')
  say('      Electron could not be downloaded; the next try is in a day, or after `npx install-electron`')
}

/** @param {import('./start/options.mjs').Options} options */
function choose(options) {
  const decide = () =>
    chooseWindow({
      wantsBrowser: options.browser,
      wantsOpen: options.open,
      hasDisplay: hasDisplay(process.platform, process.env),
      hasElectron: electronBinary() !== undefined,
      canDownload: !isYounger(failedDownload, dayMs),
      browser: browserNames.map(which).find((path) => path !== undefined),
    })
  const first = decide()
  if (first.kind !== 'download') return first
  downloadElectron()
  return decide()
}

async function main() {
  const options = readOptions(process.argv.slice(2))
  if (options.help) return say(usage)
  checkNode()
  if (options.machine) steps = 6
  packages()
  build()
  agent()
  if (options.machine) machine()
  else await engine(options.yes)
  const { kind, why } = choose(options)
  const names = {
    electron: 'Electron',
    browser: 'a browser window',
    address: 'no window, just the address',
    download: '',
  }
  begin(`window: ${names[kind]}, ${why}`)
  const endMachine = options.machine ? startMachine({ root, say }) : undefined
  try {
    await open(kind, options.port)
  } finally {
    endMachine?.()
  }
}

/** @param {'electron' | 'download' | 'browser' | 'address'} kind @param {number | undefined} port */
async function open(kind, port) {
  const electron = electronBinary()
  if (kind === 'electron' && electron)
    process.exitCode = await runElectron({ root, electron, isRoot: isRoot() })
  else {
    const browser =
      kind === 'browser' ? browserNames.map(which).find((path) => path !== undefined) : undefined
    process.exitCode = await runServe({ root, port, browser, isRoot: isRoot(), say })
  }
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
