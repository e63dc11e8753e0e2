// `npm start -- --machine vm`: what a machine needs is installed, its image is built, and it is started beside the app.
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installApt } from '../setup/install.mjs'
import { imagePackages, machinePackages } from '../setup/vm-packages.mjs'

/** The app must be there by then, also on a busy machine that starts an engine meanwhile. */
const appLimitMs = 90_000
const retryMs = 500

/**
 * Installs the hypervisor and the build tools by apt, where they are missing. Says what.
 * @returns {string[]} what was installed
 */
export const installMachine = () => installApt({ ...machinePackages, ...imagePackages })

/**
 * Builds the image; at once when nothing changed. Its steps are said as they come.
 * @param {string} root
 */
export function buildImage(root) {
  const ran = spawnSync('npm', ['run', '--silent', 'vm:build'], { cwd: root, stdio: 'inherit' })
  if (ran.status !== 0) throw new Error('The image of the machine could not be built: see above')
}

/**
 * Makes a machine if there is none and starts it, as soon as the app answers. Every stage is printed; a failure is
 * told and leaves the app open, which says more. Returns what ends it.
 * @param {{ root: string, say: (text: string) => void }} app
 * @returns {() => void}
 */
export function startMachine({ root, say }) {
  const cli = join(root, 'dist/main/cli.js')
  const limit = Date.now() + appLimitMs
  let isOver = false
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const up = () => {
    say('machine: starting; the window shows it as well')
    child = spawn(process.execPath, [cli, 'machine', 'up'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.once('exit', (code) => {
      if (!isOver)
        say(code === 0 ? 'machine: it runs' : 'machine: it did not start. Its page in the app tells why.')
    })
  }
  const look = () => {
    child = spawn(process.execPath, [cli, 'status'], { cwd: root, stdio: 'ignore' })
    child.once('exit', (code) => {
      if (isOver) return
      if (code === 0) up()
      else if (Date.now() < limit) timer = setTimeout(look, retryMs)
      else say('machine: the app did not answer, so it was not started')
    })
  }
  look()
  return () => {
    isOver = true
    clearTimeout(timer)
    child?.kill('SIGTERM')
  }
}
