import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { AppError } from '../../../../shared/errors'
import { writeAtomic } from '../../platform/atomic-file'
import { waitFor } from '../../platform/wait-for'
import type { VmSpec } from '../vm/backend'
import { hyperKitArgs, vpnKitArgs, type HyperKitFiles } from './hyperkit-args'
import { isSame, processFacts, type ProcessIdentity } from './process-identity'

export interface Programs {
  readonly hyperkit: string
  readonly vpnkit: string
}

/** The processes of one VM: the VM, and its network. */
export interface HyperKitProcesses {
  readonly hyperkit: ProcessIdentity
  readonly vpnkit: ProcessIdentity
}

export interface Started extends HyperKitProcesses {
  readonly child: ChildProcess
}

const startLimitMs = 15_000

/** Starts both, and answers once the VM has its serial port. Throws `machine.start-failed`. */
export async function startProcesses(
  programs: Programs,
  { spec, files }: { spec: VmSpec; files: HyperKitFiles },
  signal: AbortSignal,
): Promise<Started> {
  const args = hyperKitArgs(spec, files)
  await cleanUp(files)
  await mkdir(files.vsockDir, { recursive: true, mode: 0o700 })
  await writeInitrd(spec, files.initrd)
  const logFile = spec.files.hypervisorLog
  await rm(logFile, { force: true })
  const vpnkit = spawnQuiet(programs.vpnkit, vpnKitArgs(files), logFile)
  try {
    // HyperKit asks for the network ten times a second and for ever, so it must be there first.
    await untilThere(files.ethernet, { child: vpnkit, what: 'vpnkit', logFile }, signal)
    const child = spawnQuiet(programs.hyperkit, args, logFile)
    try {
      await untilThere(files.tty, { child, what: 'hyperkit', logFile }, signal)
      const processes = { hyperkit: await identityOf(child), vpnkit: await identityOf(vpnkit) }
      await writeAtomic(files.processes, JSON.stringify(processes))
      return { ...processes, child }
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
  } catch (error) {
    vpnkit.kill('SIGKILL')
    throw error
  }
}

/** The processes that an earlier core started, when the VM among them still runs on this disk. */
export async function findProcesses(
  { spec, files }: { spec: VmSpec; files: HyperKitFiles },
  signal: AbortSignal,
): Promise<HyperKitProcesses | undefined> {
  const known = await readProcesses(files)
  if (!known) return undefined
  const facts = await processFacts(known.hyperkit.pid, signal)
  if (facts?.startedAt !== known.hyperkit.startedAt) return undefined
  return facts.command.includes(files.pid) && facts.command.includes(spec.dataDisk.path) ? known : undefined
}

/** Ends the network of a VM that is gone, and takes away what would stand in the way of the next. */
export async function cleanUp(files: HyperKitFiles): Promise<void> {
  const known = await readProcesses(files)
  if (known && (await isSame(known.vpnkit))) endProcess(known.vpnkit.pid, 'SIGKILL')
  // HyperKit makes its pid file only where there is none, and leaves it behind when it is killed.
  const left = [files.pid, files.tty, files.ethernet, files.processes, files.vsockDir]
  await Promise.all(left.map((path) => rm(path, { recursive: true, force: true })))
}

/** False when it had ended before. */
export function endProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch {
    return false
  }
}

/** The last thing that either of them said: why a start failed, mostly. */
export async function lastWords(logFile: string): Promise<string | undefined> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  return text.trim().split(/\r?\n/).at(-1)?.slice(0, 500) || undefined
}

async function readProcesses(files: HyperKitFiles): Promise<HyperKitProcesses | undefined> {
  const text = await readFile(files.processes, 'utf8').catch(() => '')
  try {
    const { hyperkit, vpnkit } = JSON.parse(text) as Partial<HyperKitProcesses>
    return isIdentity(hyperkit) && isIdentity(vpnkit) ? { hyperkit, vpnkit } : undefined
  } catch {
    return undefined
  }
}

const isIdentity = (value: ProcessIdentity | undefined): value is ProcessIdentity =>
  Number.isInteger(value?.pid) && typeof value?.startedAt === 'string'

async function identityOf(child: ChildProcess): Promise<ProcessIdentity> {
  const facts = child.pid === undefined ? undefined : await processFacts(child.pid)
  if (!facts)
    throw new AppError('machine.start-failed', 'The VM ended at its start', { facts: { stage: 'process' } })
  return { pid: facts.pid, startedAt: facts.startedAt }
}

/** The kernel takes two archives in a row for one, when the first ends at a multiple of four bytes. */
async function writeInitrd(spec: VmSpec, path: string): Promise<void> {
  const [initrd, config] = await Promise.all([readFile(spec.image.initrd), readFile(spec.configCpio)])
  const padding = Buffer.alloc((4 - (initrd.length % 4)) % 4)
  await writeFile(path, Buffer.concat([initrd, padding, config]), { mode: 0o600 })
}

/** In a session of its own, writing to a file: both outlive the core that started them. */
function spawnQuiet(program: string, args: readonly string[], logFile: string): ChildProcess {
  const out = openSync(logFile, 'a', 0o600)
  try {
    const child = spawn(program, args, { stdio: ['ignore', out, out], detached: true })
    // What cannot be started has no pid: that is how its starter sees it.
    child.on('error', () => undefined)
    child.unref()
    return child
  } finally {
    closeSync(out)
  }
}

interface Awaited {
  readonly child: ChildProcess
  readonly what: string
  readonly logFile: string
}

async function untilThere(
  path: string,
  { child, what, logFile }: Awaited,
  signal: AbortSignal,
): Promise<void> {
  const isThere = async (): Promise<boolean> => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
      throw startFailed(what, await lastWords(logFile))
    return stat(path).then(
      () => true,
      () => false,
    )
  }
  await waitFor(isThere, { signal, timeoutMs: startLimitMs, what, everyMs: 10 })
}

function startFailed(what: string, words = 'it ended at once and said nothing'): AppError {
  const detail = `${what}: ${words}`
  if (words.includes('Could not lock backing file'))
    return new AppError('machine.disk-in-use', 'Another hypervisor holds the data disk', {
      facts: { detail },
    })
  return new AppError('machine.start-failed', `The VM did not start. ${detail}`, {
    facts: { stage: 'process', detail },
  })
}
