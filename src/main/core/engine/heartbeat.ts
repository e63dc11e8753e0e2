import { stat } from 'node:fs/promises'
import { AppError } from '../../../shared/errors'
import type { ConnectedEngine } from './engine-client'
import { silent, transportError } from './engine-error'

/**
 * One beat and its deadline together stay under 2 s: so soon a hung engine is seen, while
 * somebody watches (`EngineConnection.setWatched`). A dead engine needs no beat at all, the end of the events
 * connection tells at once.
 */
export const beatEveryMs = 700
/** With only a tray or nobody to see it: rare enough that an idle app costs nothing that can be measured. */
export const unwatchedBeatMs = 30_000
const beatTimeoutMs = 1_200
/** A timer later than this met a busy process or a sleeping machine: it proves nothing about the engine. */
const maxLateMs = 200

export interface Beat {
  readonly client: ConnectedEngine
  readonly address: string
  readonly socket: SocketFile | undefined
  readonly signal: AbortSignal
  /** Called when the engine is late; the beat goes on waiting, as a late answer is an answer. */
  readonly onLate: (error: AppError) => void
}

/** Which file the connections were made through. A replaced socket is another engine, or another start. */
export interface SocketFile {
  readonly path: string
  readonly key: string
}

export async function socketFile(path: string | undefined): Promise<SocketFile | undefined> {
  if (path === undefined) return undefined
  // `stat`, not `lstat`: /var/run/docker.sock may be a link to the engine's own.
  const { dev, ino, birthtimeMs } = await stat(path).catch((error: unknown) => {
    throw transportError(error, `unix://${path}`)
  })
  // An inode number alone may be given out again at once; the birth of a file never changes.
  return { path, key: `${dev}:${ino}:${birthtimeMs}` }
}

/** Throws what is wrong; resolves with `replaced` when the socket is another file now. */
export async function beat({ client, address, socket, signal, onLate }: Beat): Promise<'alive' | 'replaced'> {
  if (socket && (await isReplaced(socket))) return 'replaced'
  const due = Date.now() + beatTimeoutMs
  let timer = setTimeout(() => {
    if (Date.now() - due > maxLateMs) timer = setTimeout(late, beatTimeoutMs)
    else late()
  }, beatTimeoutMs)
  const late = (): void => onLate(silent(address, beatTimeoutMs))
  try {
    await client.ping(pingTimeoutMs, signal)
    return 'alive'
  } finally {
    clearTimeout(timer)
  }
}

/** After this a hung engine's ping is given up and asked again: a road may have died meanwhile. */
const pingTimeoutMs = 10_000

async function isReplaced(socket: SocketFile): Promise<boolean> {
  const now = await socketFile(socket.path)
  return now?.key !== socket.key
}

export const isSilence = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'engine.not-responding'
