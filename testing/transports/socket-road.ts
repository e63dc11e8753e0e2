import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { frameBuffers } from '../../src/main/core/api/frames'
import { serveSocket } from '../../src/main/core/api/socket-server'
import { connectToCore } from '../../src/main/core/api/socket-transport'
import type { OpenRoad, RawPeer } from './lab'

/** A peer on a socket that writes what it likes. */
export interface RawSocket extends RawPeer {
  readonly socket: Socket
}

export function rawSocket(path: string): Promise<RawSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () =>
      resolve({
        socket,
        closed: new Promise((ended) => socket.once('close', () => ended())),
        send: (message) => {
          for (const part of frameBuffers(JSON.stringify(message))) socket.write(part)
        },
      }),
    )
    socket.resume()
    socket.once('error', reject)
    // A server that refuses resets; the test looks at the close.
    socket.on('error', () => undefined)
  })
}

/** Clients over a unix socket, as the CLI and a joined process have it. */
export const openSocketRoad: OpenRoad = async (serve) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-wire-'))
  const path = join(folder, 'core.sock')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const stop = serveSocket(server, serve)
  return {
    connect: () => connectToCore(path),
    connectRaw: () => rawSocket(path),
    close: async () => {
      stop()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
