/** An engine's socket on this host: every tool finds a machine's engine as if it were local. */
import { chmodSync, linkSync, mkdirSync, rmSync, statSync } from 'node:fs'
import net from 'node:net'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import { AppError } from '../../../shared/errors'
import { log } from '../platform/log'
import { joinStreams } from './join-streams'

export interface EngineSocketOptions {
  /** Of the socket; on Windows the name of a pipe. */
  readonly path: string
  /** Opens a way to the engine. It may wait (a machine that wakes up); the client waits with it. */
  readonly dial: (signal: AbortSignal) => Promise<Duplex>
  /** A client came: an idle machine is no longer idle. */
  readonly onConnection?: () => void
}

export interface EngineSocket {
  readonly path: string
  /** Clients that are connected now. */
  readonly connections: number
  /** Ends all connections and takes the socket away. */
  close(): Promise<void>
}

/** A tool that meets a full queue is told "refused" at once: builds open dozens of connections in one moment. */
const backlog = 511

/**
 * Serves a 0600 socket (a pipe of this user on Windows) and joins each connection with one that `dial` opens,
 * byte by byte: half-close, hijack and upgrade pass unchanged. What a dead core left at the path is replaced;
 * a socket that somebody serves is not taken: throws `file.failed`, `reason: 'in-use'`.
 */
export async function serveEngineSocket(options: EngineSocketOptions): Promise<EngineSocket> {
  const { path } = options
  let isClosed = false
  const sockets = new Set<net.Socket>()
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    options.onConnection?.()
    void carry(socket, options, () => isClosed)
  })
  const release = await (process.platform === 'win32' ? listenPipe(server, path) : listenFile(server, path))
  server.on('error', (error) => log.warn('sockets', 'engine socket', { path, error }))
  return {
    path,
    get connections() {
      return sockets.size
    },
    close: async () => {
      release()
      isClosed = true
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** One connection from its first byte to its last. Whatever goes wrong ends it and nothing else. */
async function carry(
  client: net.Socket,
  options: EngineSocketOptions,
  isClosed: () => boolean,
): Promise<void> {
  client.on('error', () => undefined)
  client.pause()
  // A signal of its own for each: dozens wait for a machine that wakes, and each listens.
  const end = new AbortController()
  const onClose = (): void => end.abort()
  client.once('close', onClose)
  try {
    const engine = await options.dial(end.signal)
    client.off('close', onClose)
    if (client.destroyed) engine.destroy()
    else joinStreams(client, engine)
  } catch (error) {
    if (!isClosed() && !end.signal.aborted) {
      log.info('sockets', 'no way to the engine', { path: options.path, error })
      await refuse(client, error)
    }
    client.destroy()
  }
}

/**
 * Says why in the engine's own way: a tool shows these words in place of "EOF". The request is read first, as a
 * close over unread bytes would take the answer away from the client.
 */
async function refuse(client: net.Socket, error: unknown): Promise<void> {
  const words = error instanceof AppError ? error.message : 'the engine cannot be reached'
  const body = JSON.stringify({ message: `Slipway: ${words}` })
  const head = [
    'HTTP/1.1 503 Service Unavailable',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  client.resume()
  await new Promise<void>((resolve) => {
    client.once('close', resolve)
    client.once('end', resolve)
    client.end(`${head.join('\r\n')}\r\n\r\n${body}`)
    setTimeout(resolve, refuseMs).unref()
  })
}

const refuseMs = 1_000

async function listenPipe(server: net.Server, path: string): Promise<() => void> {
  // A pipe goes with its process, so none is ever left behind; only its user and administrators may write to it.
  await listen(server, path).catch((cause: NodeJS.ErrnoException) => {
    throw failed(path, cause.code === 'EADDRINUSE' ? 'in-use' : (cause.code ?? 'unknown'), cause)
  })
  return () => undefined
}

/**
 * Bound under another name, made 0600, then linked to its own: there is no moment in which others could connect,
 * and linking fails where the name is taken, so that of two only one wins.
 */
async function listenFile(server: net.Server, path: string): Promise<() => void> {
  const folder = dirname(path)
  const beside = join(folder, `.e${randomBytes(3).toString('hex')}`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    await listen(server, beside)
    chmodSync(beside, 0o600)
    await take(beside, path)
    const { ino } = statSync(path)
    return () => {
      // Another core may have its own socket there by now.
      if (statSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path, { force: true })
    }
  } catch (error) {
    server.close()
    if (error instanceof AppError) throw error
    throw failed(path, (error as NodeJS.ErrnoException).code ?? 'unknown', error)
  } finally {
    rmSync(beside, { force: true })
  }
}

async function take(beside: string, path: string): Promise<void> {
  // Twice: what was dead may be taken away by its owner's successor in the same moment.
  for (let attempt = 0; ; attempt++) {
    try {
      linkSync(beside, path)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (attempt === 5 || (await isServed(path))) throw failed(path, 'in-use')
    rmSync(path, { force: true })
  }
}

/** Whether somebody listens. A file that is no socket is not ours to take away either. */
function isServed(path: string): Promise<boolean> {
  if (statSync(path, { throwIfNoEntry: false })?.isSocket() === false) return Promise.resolve(true)
  return new Promise((resolve) => {
    const socket = net.connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    // A full queue (EAGAIN) is a living owner; only these two say that nobody listens.
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'),
    )
  })
}

const failed = (path: string, reason: string, cause?: unknown): AppError =>
  new AppError('file.failed', `The socket ${path} cannot be made: ${reason}`, {
    facts: { path, reason },
    cause,
  })

function listen(server: net.Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path, backlog }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
