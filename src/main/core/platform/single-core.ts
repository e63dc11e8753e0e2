import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer, connect, type Server } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { AppError } from '../../../shared/errors'

/** A claimed data folder: clients arrive at `server`. */
export interface Claim {
  readonly server: Server
  release(): Promise<void>
}

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
    for (let attempt = 0; attempt < 20; attempt++) {
      if (tryLink(own, socketPath)) {
        rmSync(own, { force: true })
        return { server, release: () => release(server, socketPath, inode) }
      }
      if (await answers(socketPath)) break
      await takeAside(socketPath)
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
 * Moves a dead socket away. Between our look and the move a quicker core may have put its own there:
 * what was moved is looked at again, and put back when it lives.
 */
async function takeAside(socketPath: string): Promise<void> {
  const aside = join(dirname(socketPath), `.${basename(socketPath)}-${randomBytes(3).toString('hex')}`)
  try {
    renameSync(socketPath, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (await answers(aside)) tryLink(aside, socketPath)
  rmSync(aside, { force: true })
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
