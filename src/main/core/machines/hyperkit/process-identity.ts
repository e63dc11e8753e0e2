import { run } from '../../platform/child'

/** A pid alone is no identity: the number is given to another process after its own has ended. */
export interface ProcessIdentity {
  readonly pid: number
  /** As `ps` says it, to the second. */
  readonly startedAt: string
}

export interface ProcessFacts extends ProcessIdentity {
  readonly command: string
  /** False for one that was stopped by a signal or waits to be reaped. */
  readonly isRunning: boolean
  readonly cpuMs: number
  readonly memoryBytes: number
}

const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }

/** What `ps` of macOS and of Linux alike say of a process; `undefined` when there is none. */
export async function processFacts(pid: number, signal?: AbortSignal): Promise<ProcessFacts | undefined> {
  const fields = ['lstart=', 'stat=', 'time=', 'rss=', 'command=']
  const args = ['-ww', ...fields.flatMap((field) => ['-o', field]), '-p', String(pid)]
  const { code, stdout } = await run('ps', args, { env, timeoutMs: 10_000, ...(signal && { signal }) })
  if (code !== 0) return undefined
  const said = /^\s*(\w+ +\w+ +\d+ [\d:]+ \d+) +(\S+) +(\S+) +(\d+) (.*)$/s.exec(stdout.trimEnd())
  if (!said) return undefined
  const [, startedAt = '', state = '', time = '', kib = '0', command = ''] = said
  return {
    pid,
    startedAt: startedAt.replaceAll(/ +/g, ' '),
    isRunning: !/^[TZ]/.test(state),
    cpuMs: cpuMsOf(time),
    memoryBytes: Number(kib) * 1024,
    command,
  }
}

/** `[[days-]hours:]minutes:seconds`, with hundredths on macOS. */
export function cpuMsOf(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse()
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round((Number(days) * 86_400 + seconds) * 1000)
}

/** The same process as then, and still there. */
export async function isSame(known: ProcessIdentity, signal?: AbortSignal): Promise<boolean> {
  const facts = await processFacts(known.pid, signal)
  return facts?.startedAt === known.startedAt
}
