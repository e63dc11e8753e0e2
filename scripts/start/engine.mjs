// Whether there is an engine, or a way to get one. Core goes the roads itself; this only decides whether
// something has to be installed before.
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { aptStep } from '../setup/apt.mjs'

/**
 * @typedef {object} EngineFacts
 * @property {string} platform
 * @property {boolean} hasHost DOCKER_HOST, or a docker context other than the default
 * @property {boolean} hasSocket one of the usual sockets is there
 * @property {boolean} hasDockerd
 * @property {boolean} hasApt
 * @property {boolean} canBeRoot root, or sudo is installed
 * @property {boolean} isSilent `--yes`, or nobody at a terminal to ask
 */

/**
 * What to do about the engine, and the words for it.
 * @param {EngineFacts} facts
 * @returns {{ step: 'none' | 'install' | 'ask' | 'impossible', why: string }}
 */
export function engineStep(facts) {
  if (facts.hasHost) return { step: 'none', why: 'DOCKER_HOST or a docker context names one' }
  if (facts.hasSocket) return { step: 'none', why: 'its socket is there' }
  if (facts.hasDockerd) return { step: 'none', why: 'dockerd is installed' }
  if (facts.platform !== 'linux')
    return { step: 'impossible', why: 'this system has no Linux containers of its own' }
  return aptStep('docker.io', facts, 'no engine and no dockerd was found')
}

/**
 * @param {Record<string, string | undefined>} env
 * @param {(program: string) => string | undefined} which
 */
export function engineFacts(env, which) {
  const runtime = env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? 0}`
  const sockets = [
    '/var/run/docker.sock',
    join(runtime, 'docker.sock'),
    join(runtime, 'podman/podman.sock'),
    '/run/podman/podman.sock',
  ]
  return {
    platform: process.platform,
    hasHost: Boolean(env['DOCKER_HOST']) || hasContext(env),
    hasSocket: sockets.some((path) => existsSync(path)),
    hasDockerd: which('dockerd') !== undefined,
  }
}

/** @param {Record<string, string | undefined>} env */
function hasContext(env) {
  if (env['DOCKER_CONTEXT']) return env['DOCKER_CONTEXT'] !== 'default'
  try {
    const config = JSON.parse(
      readFileSync(join(env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), 'config.json'), 'utf8'),
    )
    return (
      typeof config.currentContext === 'string' &&
      config.currentContext !== 'default' &&
      config.currentContext !== ''
    )
  } catch {
    return false
  }
}

/**
 * An engine's socket belongs to the group docker: who is not in it gets no answer. What to type then, after an install.
 * @param {{ isRoot: boolean, user: string, groups: readonly string[] }} person
 * @returns {string[]}
 */
export function groupAdvice({ isRoot, user, groups }) {
  if (isRoot || groups.includes('docker')) return []
  return [
    `${user} is not in the group docker, so the engine does not answer yet. To be let in, which is as good as root:`,
    `  sudo usermod -aG docker ${user}`,
    '  newgrp docker   # or log in anew; then npm start again',
  ]
}
