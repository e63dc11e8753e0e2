import { createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { timeLimit } from '../platform/time-limit'
import type { DialTcp } from './port-link'
import type { WantedPort } from './wanted-ports'

/** A machine that does not take a connection in this time has nobody at the port. */
const dialMs = 10_000
/** Of one port: each is a channel of the tunnel. */
const maxConnections = 1_024

/** Listens on the host and carries each connection through the tunnel. Returns the undo. */
export async function listenTcp(
  { address, port, guest }: WantedPort,
  dialTcp: DialTcp,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    void carry(socket, () => dialTcp(guest.host, guest.port, timeLimit(signal, dialMs)))
  })
  server.maxConnections = maxConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // Both families may be asked for on one port: each gets its own listener.
    server.listen({ host: address, port, ipv6Only: true }, resolve)
  })
  return () => {
    for (const socket of open) socket.destroy()
    return new Promise((resolve) => server.close(() => resolve()))
  }
}

async function carry(socket: Socket, dial: () => Promise<Duplex>): Promise<void> {
  let inner: Duplex
  try {
    inner = await dial()
  } catch {
    // As the port of a host would, that nobody listens at.
    socket.resetAndDestroy()
    return
  }
  if (socket.destroyed) {
    inner.destroy()
    return
  }
  // `pipe` hands on the end of one direction and leaves the other open: half-closed connections go on.
  inner.on('error', () => socket.destroy())
  inner.once('close', () => socket.destroySoon())
  socket.once('close', () => inner.destroy())
  socket.pipe(inner)
  inner.pipe(socket)
}
