import type { Duplex } from 'node:stream'
import { AppError } from '../../../shared/errors'
import { pathPart, type EngineClient } from '../engine/engine'
import { demux } from '../engine/demux'

export interface ExecSpec {
  readonly container: string
  readonly command: readonly string[]
  readonly user: string
  readonly env?: readonly string[]
  /** Present: on a terminal of this size. */
  readonly size?: { readonly cols: number; readonly rows: number }
}

export interface ExecState {
  readonly isRunning: boolean
  /** Absent while it runs, and where the engine does not tell. */
  readonly exitCode?: number
}

const startTimeoutMs = 20_000

export async function createExec(
  engine: EngineClient,
  spec: ExecSpec,
  signal?: AbortSignal,
): Promise<string> {
  const isTerminal = spec.size !== undefined
  const made = await engine.json<{ Id: string }>({
    method: 'POST',
    path: `/containers/${pathPart(spec.container)}/exec`,
    body: {
      AttachStdin: isTerminal,
      AttachStdout: true,
      AttachStderr: true,
      Tty: isTerminal,
      Cmd: spec.command,
      User: spec.user,
      Env: spec.env ?? [],
      // Known from API 1.42 on; older engines leave it unread and start with 0x0 until the first resize.
      ...(spec.size && { ConsoleSize: [spec.size.rows, spec.size.cols] }),
    },
    ...(signal && { signal }),
  })
  return made.Id
}

/** Starts it and answers its raw stream. */
export async function startExec(
  engine: EngineClient,
  { id, isTerminal }: { id: string; isTerminal: boolean },
  signal?: AbortSignal,
): Promise<Duplex> {
  const { stream } = await engine.hijack({
    method: 'POST',
    path: `/exec/${id}/start`,
    body: { Detach: false, Tty: isTerminal },
    headTimeoutMs: startTimeoutMs,
    ...(signal && { signal }),
  })
  return stream
}

export async function execState(engine: EngineClient, id: string): Promise<ExecState> {
  const raw = await engine.json<{ Running: boolean; ExitCode: number | null }>({
    path: `/exec/${id}/json`,
    timeoutMs: 5000,
  })
  return { isRunning: raw.Running, ...(typeof raw.ExitCode === 'number' && { exitCode: raw.ExitCode }) }
}

export interface ExecOutput {
  readonly exitCode: number | undefined
  /** Both streams as one text, at most 64 KiB. */
  readonly output: string
}

const maxOutputBytes = 64 * 1024

/** Runs a short command in a container and waits for its end. */
export async function runExec(
  engine: EngineClient,
  spec: Omit<ExecSpec, 'size'>,
  signal: AbortSignal,
): Promise<ExecOutput> {
  const id = await createExec(engine, spec, signal)
  const stream = await startExec(engine, { id, isTerminal: false }, signal)
  const stop = (): void => void stream.destroy(new AppError('cancelled', 'Cancelled'))
  signal.addEventListener('abort', stop, { once: true })
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const { bytes } of demux(stream)) {
      if (size < maxOutputBytes) chunks.push(bytes)
      size += bytes.length
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
  const { exitCode } = await execState(engine, id)
  return { exitCode, output: Buffer.concat(chunks).toString('utf8').slice(0, maxOutputBytes) }
}
