import { readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../platform/child'
import { waitFor } from '../../platform/wait-for'

/** One running process, as /proc tells. */
export interface Process {
  readonly pid: number
  readonly parent: number
  readonly args: readonly string[]
}

/** All processes of this host. What ends while we look is left out. */
export async function listProcesses(): Promise<Process[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map((pid) => readProcess(Number(pid)).catch(() => undefined)))
  return found.filter((process) => process !== undefined)
}

async function readProcess(pid: number): Promise<Process> {
  const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter((arg) => arg !== '')
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold spaces and brackets: what counts comes after the last one.
  const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { pid, parent: Number(rest[1]), args }
}

/** True when one argument is that folder or a path below it, also as `--flag=path` and `unix://path`. */
export const namesFolder = (args: readonly string[], folder: string): boolean =>
  args.some((arg) => {
    const at = arg.indexOf(folder)
    if (at < 0 || !(at === 0 || '=/:'.includes(arg[at - 1] ?? ''))) return false
    const after = arg[at + folder.length]
    return after === undefined || after === '/'
  })

/** The programs of an engine that name its folders on their command line. */
const enginePrograms = /(^|\/)(dockerd|containerd|containerd-shim[a-z0-9-]*|docker-proxy|runc)$/

/**
 * Ends what an engine that was killed left running: containerd, the shims, and the containers under
 * them. Known by the exec root on their command lines, which no other engine shares.
 */
export async function killLeftProcesses(execRoot: string): Promise<number> {
  const all = await listProcesses()
  const own = all.filter((p) => enginePrograms.test(p.args[0] ?? '') && namesFolder(p.args, execRoot))
  const isShim = (p: Process): boolean => /containerd-shim/.test(p.args[0] ?? '')
  const shims = new Set(own.filter(isShim).map((p) => p.pid))
  const containers = all.filter((p) => shims.has(p.parent))
  // Containers first: a shim that ends earlier would hand them to init, where nobody finds them.
  for (const { pid } of [...containers, ...own]) killNow(pid)
  return containers.length + own.length
}

/**
 * Ends the containerd of an engine that was killed, and forgets its number. The kernel ends it together
 * with dockerd, but not at once: a dockerd started in that moment takes it for running, waits for it
 * fifteen seconds and gives up. Shims and containers go on, and the next containerd finds them.
 */
export async function endContainerd(execRoot: string): Promise<void> {
  const isOwn = (p: Process): boolean =>
    /(^|\/)containerd$/.test(p.args[0] ?? '') && namesFolder(p.args, execRoot)
  const look = async (): Promise<Process[]> => (await listProcesses()).filter(isOwn)
  for (const { pid } of await look()) killNow(pid)
  const isGone = async (): Promise<boolean> => (await look()).length === 0
  await waitFor(isGone, { timeoutMs: 10_000, what: 'the end of containerd' })
  await rm(join(execRoot, 'containerd', 'containerd.pid'), { force: true })
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Ended by itself meanwhile.
  }
}

/** Unmounts everything below a folder, deepest first. Lazily: what is busy goes when it is free. */
export async function unmountBelow(folder: string): Promise<void> {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  const points = text
    .split('\n')
    .map((line) => unescape(line.split(' ')[4] ?? ''))
    .filter((point) => point === folder || point.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)
  for (const point of points) await run('umount', ['-l', point], { timeoutMs: 10_000 })
}

/** The kernel writes blanks and the like as `\040`. */
const unescape = (text: string): string =>
  text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
