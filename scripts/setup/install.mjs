// What both README commands install when it is missing. Every step is skipped when it is already done.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const isRoot = () => process.getuid?.() === 0

/** Where a program (or a file by its path) is, as the shell finds it, with the folders that plain users' PATH lacks. */
export function which(program) {
  if (program.startsWith('/')) return existsSync(program) ? program : undefined
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}

/**
 * Installs Debian packages for programs that are missing.
 * @param {Record<string, string>} packages program to package
 * @returns {string[]} what was installed
 */
export function installApt(packages) {
  const missing = [
    ...new Set(
      Object.entries(packages)
        .filter(([program]) => !which(program))
        .map(([, name]) => name),
    ),
  ]
  if (missing.length === 0) return []
  const sudo = isRoot() ? [] : ['sudo']
  if (!which('apt-get') || (sudo.length > 0 && !which('sudo'))) {
    throw new Error(
      `These packages are needed and cannot be installed from here: ${missing.join(' ')}. Install them and start again.`,
    )
  }
  console.log(`Installing with apt-get: ${missing.join(' ')}`)
  const apt = (...args) => {
    const [program, ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]
    // A Debian package starts its service when it is installed: policy-rc.d is not ours to write, so be it.
    return spawnSync(program, rest, { stdio: 'inherit' }).status === 0
  }
  if (!apt('update') || !apt('install', '-y', '--no-install-recommends', ...missing)) {
    throw new Error(`apt-get could not install: ${missing.join(' ')}`)
  }
  return missing
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
  // Without warnings: Electron's own tools ask for a newer Node than the app does.
  if (spawnSync('npm', ['ci', '--loglevel=error'], { cwd: root, stdio: 'inherit' }).status !== 0)
    throw new Error('npm ci failed: see above')
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(stampFile, stamp)
  return true
}
