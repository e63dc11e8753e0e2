import { spawn } from 'node:child_process'
import { AppError } from '../../../shared/errors'
import { DeadlineError } from './wait-for'

export interface RunOptions {
  readonly signal?: AbortSignal
  /** Default 30 s. */
  readonly timeoutMs?: number
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly input?: string
  /** Per stream, default 1 MiB: what comes after is dropped and `isCut` says so. */
  readonly maxOutputBytes?: number
}

export interface Ran {
  /** `null` when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly isCut: boolean
}

/**
 * Runs a program without a shell and waits for its end. A code other than 0 is an answer, not an error.
 * Throws `file.failed` when it cannot be started, `DeadlineError`, or the signal's reason; the program
 * has been killed then.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { signal, timeoutMs = 30_000, env, cwd, input } = options
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Else each program of Windows' console opens a window for a moment.
      windowsHide: true,
      ...(env && { env }),
      ...(cwd !== undefined && { cwd }),
    })
    const kill = (reason: Error): void => {
      child.kill('SIGKILL')
      reject(reason)
    }
    const onAbort = (): void => kill(signal?.reason as Error)
    const timer = setTimeout(() => kill(new DeadlineError(command, timeoutMs)), timeoutMs)
    const over = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    const out = collect(child.stdout, options.maxOutputBytes)
    const err = collect(child.stderr, options.maxOutputBytes)
    // A program that never reads its input closes it: that is its right.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.on('error', (cause: NodeJS.ErrnoException) => {
      over()
      reject(cannotStart(command, cause))
    })
    child.on('close', (code, ended) => {
      over()
      resolve({
        code,
        signal: ended,
        stdout: out.text(),
        stderr: err.text(),
        isCut: out.isCut() || err.isCut(),
      })
    })
  })
}

const cannotStart = (command: string, cause: NodeJS.ErrnoException): AppError =>
  new AppError('file.failed', `Cannot start ${command}`, {
    facts: { path: command, reason: cause.code ?? 'unknown' },
    cause,
  })

function collect(stream: NodeJS.ReadableStream, maxBytes = 1024 * 1024) {
  const chunks: Buffer[] = []
  let size = 0
  let cut = false
  stream.on('data', (chunk: Buffer) => {
    const room = maxBytes - size
    if (chunk.length > room) cut = true
    if (room <= 0) return
    chunks.push(chunk.subarray(0, room))
    size += Math.min(room, chunk.length)
  })
  return { text: () => Buffer.concat(chunks).toString('utf8'), isCut: () => cut }
}

/** Whether this host has a process of that number, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
