// What both README commands install when it is missing. Every step is skipped when it is already done.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, posix, win32 } from 'node:path'
import { candidatesIn } from './apt.mjs'

export const isRoot = () => process.getuid?.() === 0

/** Where programs are looked for. @typedef {{ platform: string, env: Record<string, string | undefined>, exists: (path: string) => boolean }} Host */
const thisHost = () => ({ platform: process.platform, env: process.env, exists: existsSync })

/**
 * Where a program (or a file by its path) is, as the shell finds it, with the folders that plain users' PATH lacks.
 * @param {string} program @param {Host} host @returns {string | undefined}
 */
export function which(program, host = thisHost()) {
  const { platform, env, exists } = host
  const path = platform === 'win32' ? win32 : posix
  if (path.isAbsolute(program)) return exists(program) ? program : undefined
  const own = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter(Boolean)
  const folders = platform === 'win32' ? own : [...own, '/usr/sbin', '/sbin', '/usr/local/sbin']
  // On Windows a program is named without the ending that its file has.
  const endings = platform === 'win32' ? (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';') : ['']
  return folders
    .flatMap((folder) => endings.map((ending) => path.join(folder, program + ending)))
    .find((file) => exists(file))
}

/** @param {string[]} args */
function apt(...args) {
  const sudo = isRoot() ? [] : ['sudo']
  const [program, ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]
  // A Debian package starts its service when it is installed: policy-rc.d is not ours to write, so be it.
  return spawnSync(program, rest, { stdio: 'inherit' }).status === 0
}

/**
 * The version of each package that apt would install, of those that it knows.
 * @param {readonly string[]} names @returns {ReadonlyMap<string, string>}
 */
export function aptCandidates(names) {
  const env = { ...process.env, LC_ALL: 'C' }
  return candidatesIn(spawnSync('apt-cache', ['policy', ...names], { env, encoding: 'utf8' }).stdout ?? '')
}

const missingOf = (packages) => [
  ...new Set(
    Object.entries(packages)
      .filter(([program]) => !which(program))
      .map(([, name]) => name),
  ),
]

/**
 * Installs Debian packages for programs that are missing.
 * @param {Record<string, string>} packages program to package
 * @param {Record<string, string>} whereKnown likewise, of packages that not every release has
 * @returns {string[]} what was installed
 */
export function installApt(packages, whereKnown = {}) {
  const missing = missingOf(packages)
  const wished = missingOf(whereKnown)
  if (missing.length + wished.length === 0) return []
  if (!which('apt-get') || (!isRoot() && !which('sudo'))) {
    if (missing.length === 0) return []
    throw new Error(
      `These packages are needed and cannot be installed from here: ${missing.join(' ')}. Install them and start again.`,
    )
  }
  console.log(`Installing with apt-get: ${[...missing, ...wished].join(' ')}`)
  // Only after the update does apt know its packages: a fresh container comes without any list.
  if (!apt('update')) throw new Error('apt-get update failed: see above')
  const known = wished.length > 0 ? aptCandidates(wished) : new Map()
  const names = [...missing, ...wished.filter((name) => known.has(name))]
  if (names.length > 0 && !apt('install', '-y', '--no-install-recommends', ...names))
    throw new Error(`apt-get could not install: ${names.join(' ')}`)
  return names
}

/**
 * How npm is run: by the file of the npm that runs this, else by its name, which on Windows is a script for the shell.
 * @param {{ env: Record<string, string | undefined>, execPath: string, platform: string }} host
 * @returns {{ program: string, args: string[], shell: boolean }}
 */
export function npmCommand({ env, execPath, platform }) {
  const file = env['npm_execpath'] ?? ''
  return /npm-cli\.c?js$/.test(file)
    ? { program: execPath, args: [file], shell: false }
    : { program: 'npm', args: [], shell: platform === 'win32' }
}

/** `npm ci`, unless node_modules is of just this lock file and this Node. */
export function installNpm(root) {
  const stampFile = join(root, 'node_modules', '.slipway-stamp')
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.version)
    .digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false
  console.log('Installing npm packages with npm ci: about a minute')
  const { program, args, shell } = npmCommand(process)
  // Without warnings: Electron's own tools ask for a newer Node than the app does.
  const ran = spawnSync(program, [...args, 'ci', '--loglevel=error'], { cwd: root, stdio: 'inherit', shell })
  if (ran.status !== 0) throw new Error('npm ci failed: see above')
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(stampFile, stamp)
  return true
}
