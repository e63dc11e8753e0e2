// Whether Chromium's sandbox, without which Electron ends itself, can be had here.
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Why Electron would not start, or nothing. Its sandbox wants user namespaces, or a helper that runs as root.
 * @param {object} facts
 * @param {string} facts.platform
 * @param {boolean} facts.isRoot then it is started without the sandbox
 * @param {string | undefined} facts.restricted /proc/sys/kernel/apparmor_restrict_unprivileged_userns
 * @param {string | undefined} facts.allowed /proc/sys/kernel/unprivileged_userns_clone
 * @param {{ uid: number, mode: number } | undefined} facts.helper chrome-sandbox
 * @returns {string | undefined}
 */
export function sandboxFault({ platform, isRoot, restricted, allowed, helper }) {
  if (platform !== 'linux' || isRoot) return undefined
  if (helper?.uid === 0 && (helper.mode & 0o7777) === 0o4755) return undefined
  if (restricted === '1') return 'as AppArmor keeps user namespaces, which its sandbox needs, from it'
  if (allowed === '0') return 'as the kernel allows no user namespaces, which its sandbox needs'
  return undefined
}

/** @param {string} electron its binary @param {boolean} isRoot */
export function sandboxFacts(electron, isRoot) {
  const kernel = '/proc/sys/kernel'
  return {
    ...{ platform: process.platform, isRoot },
    restricted: attempt(() => readFileSync(`${kernel}/apparmor_restrict_unprivileged_userns`, 'utf8').trim()),
    allowed: attempt(() => readFileSync(`${kernel}/unprivileged_userns_clone`, 'utf8').trim()),
    helper: attempt(() => statSync(helperOf(electron))),
  }
}

/** @param {string} electron */
const helperOf = (electron) => join(dirname(electron), 'chrome-sandbox')

/** What gives Electron its sandbox, once. @param {string} electron */
export const sandboxCommands = (electron) => [
  `sudo chown root '${helperOf(electron)}'`,
  `sudo chmod 4755 '${helperOf(electron)}'`,
]

/** @template T @param {() => T} read @returns {T | undefined} */
function attempt(read) {
  try {
    return read()
  } catch {
    return undefined
  }
}
