import type { StatsFs } from 'node:fs'
import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import { AppError, toWire } from '../../../shared/errors'
import type { Check, CheckState } from '../../../shared/model'
import { run } from '../platform/child'
import { gigabytes } from './words'

const gb = 1_000_000_000
/** An image that is pulled and unpacked wants some of these; with less than the second even logs fail. */
const freeSpaceSteps = { warning: 5 * gb, bad: gb }
const freeMemorySteps = { warning: 0.5 * gb, bad: 0.1 * gb }
const toolTimeoutMs = 5000

/** Whether we can write where all that must last is kept. */
export async function dataFolder(path: string): Promise<Check> {
  const base = { name: 'data-folder', subject: path, facts: { path } } as const
  try {
    const probe = await mkdtemp(join(path, '.probe-'))
    try {
      await writeFile(join(probe, 'file'), 'x')
    } finally {
      await rm(probe, { recursive: true, force: true })
    }
    return { ...base, state: 'good', message: `${path} can be written` }
  } catch (cause) {
    const { code = 'unknown', message } = cause as NodeJS.ErrnoException
    const error = toWire(
      new AppError('file.failed', message, { facts: { path, reason: code }, cause: cause as Error }),
    )
    return { ...base, state: 'bad', message: `${path} cannot be written: ${message}`, error }
  }
}

/** Of the disk that each path is on; two paths of one disk are one check. What is not there is left out. */
export async function freeSpace(paths: readonly string[]): Promise<Check[]> {
  const disks = new Map<number, { readonly path: string; readonly disk: StatsFs }>()
  for (const path of paths) {
    const [device, disk] = await Promise.all([stat(path), statfs(path)]).catch(() => [])
    if (device && disk && !disks.has(device.dev)) disks.set(device.dev, { path, disk })
  }
  return [...disks.values()].map(({ path, disk }) => {
    const freeBytes = disk.bavail * disk.bsize
    const totalBytes = disk.blocks * disk.bsize
    return {
      ...{ name: 'free-space', subject: path, facts: { path, freeBytes, totalBytes } },
      state: byStep(freeBytes, freeSpaceSteps),
      message: `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} free at ${path}`,
    }
  })
}

/** Not on macOS, which counts what it could give at once as used. */
export function memory(platform = process.platform, freeBytes = freemem(), totalBytes = totalmem()): Check[] {
  if (platform === 'darwin') return []
  const message = `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} memory free`
  const state = byStep(freeBytes, freeMemorySteps)
  return [{ name: 'memory', facts: { freeBytes, totalBytes }, state, message }]
}

const byStep = (value: number, steps: typeof freeSpaceSteps): CheckState =>
  value < steps.bad ? 'bad' : value < steps.warning ? 'warning' : 'good'

/** The docker CLI of this computer with its plugins: none of it is ours, most people's day needs it. */
export async function dockerCli(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Check[]> {
  const ask = async (...args: string[]): Promise<string | undefined> => {
    const ran = await run('docker', args, { env, signal, timeoutMs: toolTimeoutMs }).catch(() => undefined)
    return ran?.code === 0 ? ran.stdout.trim() : undefined
  }
  const version = /\d+\.\d+[^\s,]*/.exec((await ask('--version')) ?? '')?.[0]
  signal.throwIfAborted()
  if (version === undefined)
    return [{ name: 'docker-cli', state: 'note', facts: {}, message: 'No docker command on the PATH' }]
  const context =
    env['DOCKER_HOST'] ?? (await ask('context', 'inspect', '--format', '{{.Name}}')) ?? 'default'
  const plugins = await Promise.all(
    ['compose', 'buildx'].map(async (plugin): Promise<Check> => {
      const told = /\d+\.\d+[^\s,]*/.exec((await ask(plugin, 'version')) ?? '')?.[0]
      const base = { name: 'docker-plugin', subject: plugin } as const
      return told === undefined
        ? { ...base, state: 'note', facts: { plugin }, message: `docker ${plugin} is not installed` }
        : { ...base, state: 'good', facts: { plugin, version: told }, message: `docker ${plugin} ${told}` }
    }),
  )
  const message = `docker ${version}, talks to ${context}`
  return [{ name: 'docker-cli', state: 'good', facts: { version, context }, message }, ...plugins]
}
