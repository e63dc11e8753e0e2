import type { StatsFs } from 'node:fs'
import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import { AppError, toWire } from '../../../shared/errors'
import type { Check, CheckState } from '../../../shared/model'
import { run } from '../platform/child'
import { pause } from '../platform/wait-for'
import { gigabytes } from './words'

const gb = 1_000_000_000
/** An image that is pulled and unpacked wants some of these; with less than the second even logs fail. */
const freeSpaceSteps = { warning: 5 * gb, bad: gb }
const freeMemorySteps = { warning: 0.5 * gb, bad: 0.1 * gb }
const toolTimeoutMs = 5000
const diskTimeoutMs = 3000

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
export async function freeSpace(paths: readonly string[], look: Look = lookAt): Promise<Check[]> {
  const looked = await Promise.all([...new Set(paths)].map((path) => diskOf(path, look)))
  const disks = new Map<number, Disk>()
  for (const one of looked) if (one && one !== 'silent' && !disks.has(one.device)) disks.set(one.device, one)
  const silent = [...new Set(paths)].filter((_, index) => looked[index] === 'silent').map(silentDisk)
  const told = [...disks.values()].map(({ path, disk }): Check => {
    const freeBytes = disk.bavail * disk.bsize
    const totalBytes = disk.blocks * disk.bsize
    return {
      ...{ name: 'free-space', subject: path, facts: { path, freeBytes, totalBytes } },
      state: byStep(freeBytes, freeSpaceSteps),
      message: `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} free at ${path}`,
    }
  })
  return [...silent, ...told]
}

interface Disk {
  readonly path: string
  readonly device: number
  readonly disk: StatsFs
}
/** `undefined`: nothing is there. */
type Look = (path: string) => Promise<Disk | undefined>

/** Looks that have not come back: a mount whose server is gone holds a thread, and must not hold another one. */
const underWay = new Map<string, ReturnType<Look>>()

async function diskOf(path: string, look: Look): Promise<Disk | 'silent' | undefined> {
  const looking = underWay.get(path) ?? look(path)
  underWay.set(path, looking)
  const forget = (): boolean => underWay.delete(path)
  void looking.then(forget, forget)
  const late = new AbortController()
  const silence = pause(diskTimeoutMs, late.signal).then(
    () => 'silent' as const,
    () => undefined,
  )
  try {
    return await Promise.race([looking, silence])
  } finally {
    late.abort()
  }
}

async function lookAt(path: string): ReturnType<Look> {
  try {
    const { dev } = await stat(path)
    return { path, device: dev, disk: await statfs(path) }
  } catch {
    return undefined
  }
}

const silentDisk = (path: string): Check => ({
  ...{ name: 'free-space', state: 'bad', subject: path, facts: { path } },
  message: `The disk of ${path} does not answer`,
})

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
