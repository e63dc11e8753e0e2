import type { Readable } from 'node:stream'
import { Demuxer } from '../engine/demux'
import { pathPart, type EngineClient } from '../engine/engine'

/** A container as far as its log needs it. */
export interface LoggedContainer {
  readonly isTty: boolean
  /** Also while it restarts: more lines will come. */
  readonly isRunning: boolean
  /** Of the last run, once it has ended. */
  readonly exitCode?: number
}

interface Inspected {
  readonly Config?: { readonly Tty?: boolean }
  readonly State?: {
    readonly Running?: boolean
    readonly Restarting?: boolean
    readonly ExitCode?: number
    readonly StartedAt?: string
  }
}

export async function lookAt(
  engine: EngineClient,
  id: string,
  signal?: AbortSignal,
): Promise<LoggedContainer> {
  const answer = await engine.json<Inspected>({
    path: `/containers/${pathPart(id)}/json`,
    ...(signal && { signal }),
  })
  const state = answer.State ?? {}
  const isRunning = state.Running === true || state.Restarting === true
  const hasRun = state.StartedAt !== undefined && !state.StartedAt.startsWith('0001-')
  return {
    isTty: answer.Config?.Tty ?? false,
    isRunning,
    ...(!isRunning && hasRun && { exitCode: state.ExitCode ?? 0 }),
  }
}

export interface LogQuery {
  readonly follow: boolean
  readonly timestamps: boolean
  readonly tail?: number | undefined
  /** Unix seconds with up to nine digits of fraction. */
  readonly since?: string | number | undefined
  readonly until?: string | number | undefined
}

export function openLog(
  engine: EngineClient,
  id: string,
  more: { query: LogQuery; signal?: AbortSignal },
): Promise<Readable> {
  const { query, signal } = more
  return engine.stream({
    path: `/containers/${pathPart(id)}/logs`,
    query: { stdout: 1, stderr: 1, ...query, tail: query.tail ?? 'all' },
    // Finding the end of a large rotated log takes the engine seconds.
    headTimeoutMs: 60_000,
    ...(signal && { signal }),
  })
}

/**
 * A container's whole log as it was written, byte for byte: stdout and stderr in the order of the log.
 * Throws when the engine went away before the end, which its clean EOF alone does not tell.
 */
export async function* readLogText(
  engine: EngineClient,
  id: string,
  options: { timestamps: boolean; signal?: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const { timestamps, signal } = options
  const { isTty } = await lookAt(engine, id, signal)
  const stream = await openLog(engine, id, {
    query: { follow: false, timestamps },
    ...(signal && { signal }),
  })
  let pieces: Buffer[] = []
  const demuxer = new Demuxer((piece) => void pieces.push(piece.bytes))
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (isTty) pieces.push(chunk)
      else demuxer.push(chunk)
      if (pieces.length > 0) yield pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
      pieces = []
    }
  } finally {
    stream.destroy()
  }
  await engine.json({ path: '/version', ...(signal && { signal }) })
}
