import type { Server, Socket } from 'node:net'
import type { CoreTransport } from '../../../shared/contract/wire'
import { clientOverSocket } from './socket-transport'

/** Clients of one socket: every window of every joined process has its own connection. */
const maxClients = 256

/**
 * Serves the clients that arrive at a claimed core socket (0600, so they are this person's). Returns the
 * undo, which ends all connections: a server that closes waits for them.
 */
export function serveSocket(server: Server, serve: (transport: CoreTransport) => void): () => void {
  const sockets = new Set<Socket>()
  const accept = (socket: Socket): void => {
    if (sockets.size >= maxClients) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(clientOverSocket(socket))
  }
  server.on('connection', accept)
  return () => {
    server.off('connection', accept)
    for (const socket of sockets) socket.destroy()
  }
}
