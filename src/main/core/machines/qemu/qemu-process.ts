import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { AppError } from '../../../../shared/errors'
import { isAlive, run } from '../../platform/child'
import { waitFor } from '../../platform/wait-for'
import type { VmSpec } from '../vm/backend'
import { nameArg } from './qemu-args'

/** A QEMU that may be of another core's making: known by its number and by what its command line says. */
export interface QemuProcess {
  readonly pid: number
  /** The exit code, where it is our own child. */
  readonly code: () => number | null | undefined
}

/** One that was found running, with the accelerator that it was started with. */
export interface FoundProcess extends QemuProcess {
  readonly accelerator?: string
}

/** Starts QEMU so that it outlives us; what it says goes to a file. Throws `machine.unavailable`. */
export async function spawnQemu(
  program: string,
  args: readonly string[],
  logPath: string,
): Promise<QemuProcess> {
  const out = openSync(logPath, 'w', 0o600)
  try {
    const child = spawn(program, args, { detached: true, stdio: ['ignore', out, out], windowsHide: true })
    let code: number | null | undefined
    child.on('exit', (ended) => (code = ended))
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (cause: NodeJS.ErrnoException) => {
        const facts = { backend: 'qemu', reason: cause.code ?? 'unknown' }
        reject(new AppError('machine.unavailable', `Cannot start ${program}`, { facts, cause }))
      })
    })
    child.unref()
    return { pid: child.pid as number, code: () => code }
  } finally {
    closeSync(out)
  }
}

/**
 * The QEMU of this machine by its pid file, when that number is still a QEMU of the machine's name. Not by a path:
 * what a system says of a command line has lost letters that are not ASCII.
 */
export async function findProcess(spec: Pick<VmSpec, 'name' | 'files'>): Promise<FoundProcess | undefined> {
  const pid = Number.parseInt(await readFile(spec.files.pid, 'utf8').catch(() => ''), 10)
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return undefined
  const line = await commandLine(pid)
  if (!line.includes(` ${nameArg(spec)} `)) return undefined
  const accelerator = / -accel (\w+)/.exec(line)?.[1]
  return { pid, code: () => undefined, ...(accelerator && { accelerator }) }
}

/** Ends it, now. Resolves when it is gone. */
export async function killQemu({ pid }: QemuProcess): Promise<void> {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return
  }
  await waitFor(() => !isAlive(pid), { timeoutMs: 10_000, what: `the end of process ${pid}`, everyMs: 10 })
}

/** A zombie is dead: its parent, which may be another program, has just not looked. */
export async function hasEnded({ pid, code }: QemuProcess): Promise<boolean> {
  if (code() !== undefined || !isAlive(pid)) return true
  if (process.platform !== 'linux') return false
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat === '' || /^\d+ \(.*\) [ZX] /s.test(stat)
}

/** What it said before it ended: the last lines, without the program's name. */
export async function lastWords(logPath: string): Promise<string> {
  const text = await readFile(logPath, 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines
    .slice(-4)
    .map((line) => line.replace(/^\S*qemu-system-\S+: /, ''))
    .join(' | ')
    .slice(0, 1000)
}

/** CPU time and resident memory of the process, as the system says. */
export async function usageOf({ pid }: QemuProcess): Promise<{ cpuMs: number; memoryBytes: number }> {
  if (process.platform === 'linux') return linuxUsage(pid)
  if (process.platform === 'win32') return windowsUsage(pid)
  const { stdout } = await run('/bin/ps', ['-o', 'time=,rss=', '-p', String(pid)])
  const [, time = '0', rss = '0'] = /^\s*(\S+)\s+(\d+)/.exec(stdout) ?? []
  return { cpuMs: psTimeMs(time), memoryBytes: Number(rss) * 1024 }
}

/** `[[dd-]hh:]mm:ss[.cc]` in ms. */
export function psTimeMs(text: string): number {
  const [days, rest] = text.includes('-') ? (text.split('-') as [string, string]) : ['0', text]
  const seconds = rest.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round((Number(days) * 86_400 + seconds) * 1000)
}

/** The kernel counts in hundredths of a second: USER_HZ is 100 on every system that Linux runs on. */
async function linuxUsage(pid: number): Promise<{ cpuMs: number; memoryBytes: number }> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ])
  const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ')
  const rssKiB = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, memoryBytes: rssKiB * 1024 }
}

async function windowsUsage(pid: number): Promise<{ cpuMs: number; memoryBytes: number }> {
  const script = `$p = Get-Process -Id ${pid}; "$($p.TotalProcessorTime.TotalMilliseconds) $($p.WorkingSet64)"`
  const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script])
  const [cpuMs = 0, memoryBytes = 0] = stdout.trim().split(' ').map(Number)
  return { cpuMs, memoryBytes }
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux')
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
  if (process.platform === 'win32') {
    const script = `(Get-CimInstance Win32_Process -Filter "ProcessId = ${pid}").CommandLine`
    return (await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script])).stdout
  }
  return (await run('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)])).stdout
}
