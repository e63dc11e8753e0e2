import { chmodSync, linkSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { createServer, connect, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { AppError } from '../../../shared/errors'
import { pause } from './wait-for'

/** A claimed data folder: clients arrive at `server`. */
export interface Claim {
  readonly server: Server
  release(): Promise<void>
}

/** With 20 ms between them, longer than a lock that was left behind holds. */
const maxAttempts = 500

/**
 * Claims a data folder by holding its socket: `undefined` when another core answers there. A socket
 * whose owner died is taken over. The socket is bound under a private name, made 0600, and then linked
 * to the real one: linking fails when the name is taken, so that two cores that start together cannot
 * both win, and no moment exists in which others could connect.
 */
export async function claimCore(socketPath: string): Promise<Claim | undefined> {
  if (process.platform === 'win32') return claimPipe(socketPath)
  const folder = dirname(socketPath)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const own = join(folder, `.c${randomBytes(3).toString('hex')}`)
  const server = await listen(own)
  try {
    chmodSync(own, 0o600)
    const inode = statSync(own).ino
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      if (tryLink(own, socketPath)) {
        rmSync(own, { force: true })
        return { server, release: () => release(server, socketPath, inode) }
      }
      if (await answers(socketPath)) break
      await removeDead(socketPath)
    }
  } catch (cause) {
    await closeServer(server)
    throw new AppError('file.failed', 'The data folder cannot be claimed', {
      facts: { path: socketPath, reason: (cause as NodeJS.ErrnoException).code ?? 'unknown' },
      cause,
    })
  }
  await closeServer(server)
  rmSync(own, { force: true })
  return undefined
}

async function claimPipe(name: string): Promise<Claim | undefined> {
  try {
    const server = await listen(name)
    return { server, release: () => closeServer(server) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
}

function tryLink(own: string, socketPath: string): boolean {
  try {
    linkSync(own, socketPath)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Takes a dead socket away, one process at a time: of two that find it dead, the slower would otherwise
 * take away the one that the quicker has put there meanwhile. Names are only taken away under this lock
 * or by their owner, so what was found dead under it is still the same when it goes.
 */
async function removeDead(socketPath: string): Promise<void> {
  const lock = `${socketPath}.lock`
  if (!tryLock(lock)) {
    await pause(20)
    return
  }
  try {
    if (!(await answers(socketPath))) rmSync(socketPath, { force: true })
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Held for milliseconds: one this old is of a process that was killed with it. */
const lockHoldsMs = 5000

function tryLock(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const madeMs = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - madeMs > lockHoldsMs) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    // A full backlog (EAGAIN) is a living owner; only these two say that nobody listens.
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT' && error.code !== 'ENOTSOCK'),
    )
  })
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

async function release(server: Server, socketPath: string, inode: number): Promise<void> {
  const isOurs = statSync(socketPath, { throwIfNoEntry: false })?.ino === inode
  if (isOurs) rmSync(socketPath, { force: true })
  await closeServer(server)
}

/** Connections are the holder's to end: without that `close` would wait for them. */
const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => (server.listening ? server.close(() => resolve()) : resolve()))
