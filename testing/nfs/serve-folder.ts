import { lstatSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GuestFacts } from '../../src/main/core/shares/nfs/files/guest-facts'
import { bytePath } from '../../src/main/core/shares/nfs/files/host-files'
import { NamespaceLock } from '../../src/main/core/shares/nfs/files/namespace-lock'
import { personOwnership, realOwnership } from '../../src/main/core/shares/nfs/files/ownership'
import { shareRoot } from '../../src/main/core/shares/nfs/files/share-root'
import { ShareServer } from '../../src/main/core/shares/nfs/share-server'
import { NfsClient } from './nfs-client'

export interface ServedFolder {
  /** On the host. */
  readonly dir: string
  readonly server: ShareServer
  readonly bugs: unknown[]
  /** A client on a socket of its own. */
  client(who?: { uid: number; gid: number; gids: readonly number[] }): Promise<NfsClient>
  /** The same folder served by a server that knows nothing of before, as after a restart of core. */
  restart(): Promise<void>
  setReadOnly(isReadOnly: boolean): void
  /** Answers that wait in the server for clients that do not read. */
  heldBytes(): number
  close(): Promise<void>
}

const secret = Buffer.alloc(32, 7)

/** Serves an empty folder of its own over a real unix socket, as `/work` inside. */
export async function serveFolder(
  options: { isPerson?: boolean; hidden?: readonly string[]; dir?: string } = {},
): Promise<ServedFolder> {
  const base = mkdtempSync(join(tmpdir(), 'slipway-nfs-'))
  const dir = realpathSync(options.dir ?? mkdtempSync(join(base, 'share-')))
  const facts = new GuestFacts()
  const me = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const bugs: unknown[] = []
  const share = shareRoot({
    path: bytePath(dir),
    guestPath: '/code',
    isReadOnly: false,
    dev: lstatSync(dir, { bigint: true }).dev,
  })
  const start = (): ShareServer => {
    const server = new ShareServer({
      secret,
      lock: new NamespaceLock(),
      ownership: options.isPerson ? personOwnership(facts, me) : realOwnership(facts),
      facts,
      isHidden: (stat) =>
        (options.hidden ?? []).some((path) => lstatSync(path, { bigint: true }).ino === stat.ino),
      onBug: (error) => bugs.push(error),
    })
    server.setShares([share])
    return server
  }
  let server = start()
  const sockets = new Set<Socket>()
  const door = await listen(join(base, 's'), (socket) => {
    sockets.add(socket)
    server.serve(socket)
  })
  return {
    dir,
    get server() {
      return server
    },
    bugs,
    client: (who) => connected(join(base, 's'), who),
    async restart() {
      await server.close()
      server = start()
    },
    setReadOnly(isReadOnly) {
      share.isReadOnly = isReadOnly
    },
    heldBytes: () => [...sockets].reduce((sum, socket) => sum + socket.writableLength, 0),
    async close() {
      await server.close()
      await new Promise((resolve) => door.close(resolve))
      rmSync(base, { recursive: true, force: true })
    },
  }
}

function listen(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  const door = createServer({ allowHalfOpen: true }, onConnection)
  return new Promise((resolve) => door.listen(path, () => resolve(door)))
}

function connected(
  path: string,
  who?: { uid: number; gid: number; gids: readonly number[] },
): Promise<NfsClient> {
  const socket = connect(path)
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(new NfsClient(socket, who)))
    socket.once('error', reject)
  })
}
