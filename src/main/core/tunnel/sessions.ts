/** Programs at the far side of a link: arguments that no shell takes apart, output with a limit, terminals. */
import type { Duplex, Readable } from 'node:stream'
import type { Channel, Client, ClientCallback } from 'ssh2'
import { AppError } from '../../../shared/errors'

export interface Command {
  /** The program and its arguments; each arrives as it stands here. */
  readonly argv: readonly string[]
  /** Written to its stdin. */
  readonly input?: string
  /** Default 30 s. */
  readonly timeoutMs?: number
}

export interface Ran {
  /** `null` when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RemoteShell {
  readonly stream: Duplex
  resize(size: { cols: number; rows: number }): void
  /** `null` when a signal or the link's end ended it. */
  readonly exit: Promise<number | null>
}

/** Per stream; what comes after is dropped. */
const maxOutputBytes = 1024 * 1024
const defaultTimeoutMs = 30_000

/** sshd hands the command to the login shell: in single quotes nothing has a meaning but the quote itself. */
export const quoted = (argv: readonly string[]): string =>
  argv.map((word) => (/^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')

export const openSession =
  (argv: readonly string[]) =>
  (client: Client, done: ClientCallback): void =>
    void client.exec(quoted(argv), done)

export const openPtySession =
  ({ size, argv }: { readonly size: { cols: number; rows: number }; readonly argv?: readonly string[] }) =>
  (client: Client, done: ClientCallback): void => {
    const pty = { term: 'xterm-256color', cols: size.cols, rows: size.rows }
    if (argv) client.exec(quoted(argv), { pty }, done)
    else client.shell(pty, done)
  }

/** Runs to the end. Throws `tunnel.not-responding` past the deadline, the signal's reason, or what opening threw. */
export async function runCommand(
  open: () => Promise<Channel>,
  { argv, input, timeoutMs = defaultTimeoutMs }: Command,
  signal: AbortSignal,
): Promise<Ran> {
  const channel = await open()
  return new Promise<Ran>((resolve, reject) => {
    let code: number | null = null
    const stdout = collect(channel)
    const stderr = collect(channel.stderr as Readable)
    const settle = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
    const fail = (error: unknown): void => {
      settle()
      channel.signal('KILL')
      channel.close()
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    const onAbort = (): void => fail(signal.reason)
    const timer = setTimeout(() => {
      const facts = { target: argv[0] ?? '', afterMs: timeoutMs }
      fail(
        new AppError('tunnel.not-responding', `${facts.target} took longer than ${timeoutMs} ms`, { facts }),
      )
    }, timeoutMs)
    channel.on('error', () => undefined)
    channel.on('exit', (exit: number | null) => (code = exit))
    channel.on('close', () => {
      settle()
      resolve({ code, stdout: stdout(), stderr: stderr() })
    })
    signal.addEventListener('abort', onAbort, { once: true })
    channel.end(input)
    if (signal.aborted) onAbort()
  })
}

function collect(stream: Readable): () => string {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    const room = maxOutputBytes - size
    if (room <= 0) return
    chunks.push(chunk.subarray(0, room))
    size += Math.min(room, chunk.length)
  })
  return () => Buffer.concat(chunks).toString('utf8')
}
