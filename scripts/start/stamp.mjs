// Whether the build in dist/ is of just these sources.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const sources = ['src', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.base.json']
/** Tests are not built: changing one must not cost a build. @param {string} name */
export const isBuilt = (name) => !/\.test\.tsx?$/.test(name)

/**
 * Whether core has to be started again for these paths below src: the window alone is read anew by the browser.
 * @param {readonly string[]} paths
 */
export const needsRestart = (paths) => paths.some((path) => !/^renderer[\\/]/.test(path))

/**
 * A text that changes when a source file comes, goes or is written: names, sizes and times, which is
 * some milliseconds; reading them all would not be.
 * @param {string} root
 */
export function sourceStamp(root) {
  const hash = createHash('sha256').update(process.version)
  for (const path of sources.flatMap((name) => filesBelow(join(root, name)))) {
    const { size, mtimeMs } = statSync(path)
    hash.update(`${relative(root, path)} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

/** @param {string} path @returns {string[]} */
function filesBelow(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return isBuilt(path) ? [path] : []
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)))
}

/** @param {string} file @param {string} stamp */
export const isStamped = (file, stamp) => existsSync(file) && readFileSync(file, 'utf8') === stamp

/** @param {string} file @param {string} stamp */
export const setStamp = (file, stamp) => writeFileSync(file, stamp)

/**
 * True when that file was written less than so long ago: what failed is not tried again at each start.
 * @param {string} file @param {number} ms
 */
export const isYounger = (file, ms) => existsSync(file) && Date.now() - statSync(file).mtimeMs < ms
