// `npm start`: sets up what is missing, then opens the app. Plain Node: nothing is installed before.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { buildAgent } from './agent-build.mjs'
import { findBrowser } from './setup/browser.mjs'
import { buildTools, buildToolsAdvice } from './setup/build-tools.mjs'
import { aptCandidates, installApt, installNpm, isRoot, which } from './setup/install.mjs'
import { agentStep, goLine } from './start/agent.mjs'
import { engineFacts, engineStep, groupAdvice } from './start/engine.mjs'
import { exitCodeOf, runElectron, runServe } from './start/launch.mjs'
import { buildImage, installMachine, startMachine } from './start/machine.mjs'
import { readOptions, usage } from './start/options.mjs'
import { sandboxCommands, sandboxFacts, sandboxFault } from './start/sandbox.mjs'
import { isStamped, isYounger, setStamp, sourceStamp } from './start/stamp.mjs'
import { chooseWindow, diedEarly, hasDisplay } from './start/window.mjs'

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
  if (process.platform === 'linux' && lacksPty) {
    const advice = which('apt-get') ? undefined : buildToolsAdvice(which)
    if (advice) throw new Error(advice)
    installApt(buildTools)
  }
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

/** Whether packages that the app works without may be installed by apt, and whether somebody is there to be asked. */
const aptFacts = (/** @type {boolean} */ yes) => ({
  hasApt: which('apt-get') !== undefined,
  canBeRoot: isRoot() || which('sudo') !== undefined,
  isSilent: yes || !process.stdin.isTTY || !process.stdout.isTTY,
})

/** The program beside engines, for which the app works without, but slower. @param {boolean} yes */
async function agent(yes) {
  const go = spawnSync('go', ['version'], { encoding: 'utf8' })
  const needed = goLine(readFileSync(join(root, 'native/agent/go.mod'), 'utf8'))
  const has = go.status === 0 ? go.stdout.trim() : undefined
  const isAsked = has === undefined && which('apt-cache') !== undefined
  const offered = isAsked ? aptCandidates(['golang-go']).get('golang-go') : undefined
  const facts = { platform: process.platform, go: has, offered, needed, ...aptFacts(yes) }
  const { step, why } = agentStep(facts)
  const without = 'The app works without it, with less speed'
  if (step === 'impossible') return begin(`agent: not built, as ${why}. ${without}`)
  const question =
    'The agent, which gives the app its speed, is built with Go. Install the package golang-go (about 500 MB) with apt-get?'
  if (step === 'ask' && !(await agrees(question))) return begin(`agent: not built, as you said. ${without}`)
  try {
    if (step !== 'build') {
      say(`      agent: installing the package golang-go, as ${why}`)
      installApt({ go: 'golang-go' })
    }
    begin(buildAgent(root).isNew ? 'agent: built' : 'agent: up to date')
  } catch (error) {
    begin(`agent: not built. ${without}. ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** @param {boolean} yes */
async function engine(yes) {
  const { step, why } = engineStep({ ...engineFacts(process.env, which), ...aptFacts(yes) })
  if (step === 'none') return begin(`engine: nothing to install, ${why}`)
  if (step === 'impossible') return begin(`engine: none can be installed, ${why}. The app will say more.`)
  const question = 'There is no container engine here. Install the package docker.io with apt-get?'
  if (step === 'ask' && !(await agrees(question)))
    return begin('engine: not installed, as you said. The app will say more.')
  begin(`engine: installing the package docker.io, as ${why}`)
  try {
    installApt({ dockerd: 'docker.io' })
    const groups = spawnSync('id', ['-nG'], { encoding: 'utf8' }).stdout ?? ''
    const person = { isRoot: isRoot(), user: userInfo().username, groups: groups.trim().split(' ') }
    for (const line of groupAdvice(person)) say(`      ${line}`)
  } catch (error) {
    // The app opens all the same, and says which roads there are.
    say(`      ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** In place of an engine of this host: QEMU and what builds the image of the machine that brings one. */
function machineTools() {
  if (process.platform !== 'linux')
    throw new Error(
      '--machine vm builds the image of the machine, which works on Linux only, and no built image is published yet',
    )
  begin('machine: QEMU and the tools that build its image')
  const installed = installMachine()
  say(installed.length > 0 ? `      installed: ${installed.join(' ')}` : '      all there')
}

function machineImage() {
  begin('image: building it from Debian packages; at once when nothing changed')
  buildImage(root)
}

/** @param {string} question */
async function agrees(question) {
  const asked = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await asked.question(`${question} [Y/n] `)
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
  const decide = () => {
    const electron = electronBinary()
    return chooseWindow({
      wantsBrowser: options.browser,
      wantsOpen: options.open,
      hasDisplay: hasDisplay(process.platform, process.env),
      hasElectron: electron !== undefined,
      electronFault: electron && sandboxFault(sandboxFacts(electron, isRoot())),
      canDownload: !isYounger(failedDownload, dayMs),
      browser: findBrowser(),
    })
  }
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
  // The machine's image holds the agent, and its packages the compiler.
  if (options.machine) machineTools()
  await agent(options.yes)
  if (options.machine) machineImage()
  else await engine(options.yes)
  const { kind, why, hasFault } = choose(options)
  const names = {
    electron: 'Electron',
    browser: 'a browser window',
    address: 'no window, just the address',
    download: '',
  }
  begin(`window: ${names[kind]}, ${why}`)
  if (hasFault) tellSandbox()
  const endMachine = options.machine ? startMachine({ root, say }) : undefined
  try {
    await open(kind, options.port)
  } finally {
    endMachine?.()
  }
}

function tellSandbox() {
  const electron = electronBinary()
  if (!electron) return
  say('      To have Electron instead, give its sandbox the rights it asks for, once:')
  for (const line of sandboxCommands(electron)) say(`        ${line}`)
}

/** @param {'electron' | 'download' | 'browser' | 'address'} kind @param {number | undefined} port */
async function open(kind, port) {
  const electron = electronBinary()
  if (kind === 'electron' && electron) {
    const end = await runElectron({ root, electron, isRoot: isRoot() })
    if (!diedEarly(end)) return void (process.exitCode = exitCodeOf(end))
    say('Electron ended as soon as it was started, so the app opens in a browser')
  }
  const browser = kind === 'address' ? undefined : findBrowser()
  process.exitCode = await runServe({ root, port, browser, isRoot: isRoot(), say })
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
