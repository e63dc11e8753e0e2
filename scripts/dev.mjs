// `npm run dev [-- --port N]`: the app in a browser; what is saved below src is built, and core is started again with it.
import { spawn, spawnSync } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isBuilt, needsRestart } from './start/stamp.mjs'

const root = join(import.meta.dirname, '..')
const { port } = parseArgs({ options: { port: { type: 'string', default: '5170' } } }).values
/** An editor writes a file in several steps, and a change of branch writes many. */
const restMs = 200

/** @param {string} text */
const say = (text) => console.log(`dev: ${text}`)

function build() {
  const electronVite = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  const args = [electronVite, 'build', '--logLevel', 'warn']
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0
}

/** @type {import('node:child_process').ChildProcess | undefined} */
let serve
const start = () => {
  serve = spawn(process.execPath, ['dist/main/serve.js', '--port', port], { cwd: root, stdio: 'inherit' })
}
/** It has ended its engine and its terminals when this comes back. @returns {Promise<void>} */
const stop = () =>
  new Promise((resolve) => {
    if (!serve || serve.exitCode !== null || serve.signalCode !== null) return resolve()
    serve.once('exit', () => resolve())
    serve.kill('SIGTERM')
  })

/** @type {Set<string>} */
const changed = new Set()
/** @type {NodeJS.Timeout | undefined} */
let timer
let isBusy = false

async function follow() {
  if (isBusy || changed.size === 0) return
  isBusy = true
  const paths = [...changed]
  changed.clear()
  say(`building, as ${paths[0]}${paths.length > 1 ? ` and ${paths.length - 1} more` : ''} changed`)
  if (!build()) say('the build failed; what ran before goes on')
  else if (needsRestart(paths)) {
    await stop()
    start()
  } else say('built: load the page anew')
  isBusy = false
  // What was saved meanwhile.
  await follow()
}

if (!build()) process.exit(1)
start()
watch(join(root, 'src'), { recursive: true }, (_event, name) => {
  if (name === null || !isBuilt(name)) return
  changed.add(name)
  clearTimeout(timer)
  timer = setTimeout(() => void follow(), restMs)
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void stop().then(() => process.exit()))
