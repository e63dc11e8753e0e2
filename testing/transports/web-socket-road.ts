import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import WebSocket from 'ws'
import { helloOf, openWebSocket } from '../../src/shared/contract/web-socket-transport'
import { startWindowServer, type WindowServer } from '../../src/main/serve/server'
import type { OpenRoad, RawPeer } from './lab'

/** A WebSocket as our own page opens it. `maxPayload` of the client is wide: it trusts core. */
export function pageSocket(server: WindowServer): WebSocket {
  const origin = `http://127.0.0.1:${server.port}`
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, { origin })
  socket.on('error', () => undefined)
  return socket
}

/** A peer that was welcomed and then writes what it likes. */
export function rawPage(server: WindowServer): Promise<RawPeer & { readonly socket: WebSocket }> {
  const socket = pageSocket(server)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return new Promise((resolve) => {
    socket.once('open', () => socket.send(helloOf(server.token)))
    socket.once('message', () =>
      resolve({ socket, closed, send: (message) => socket.send(JSON.stringify(message)) }),
    )
  })
}

/** Clients over the door of `slipway serve`, hello included. */
export const openWebSocketRoad: OpenRoad = async (serve) => {
  const rendererDir = mkdtempSync(join(tmpdir(), 'slipway-wire-'))
  const server = await startWindowServer({ host: '127.0.0.1', port: 0, rendererDir, accept: serve })
  return {
    connect: () => openWebSocket(pageSocket(server), server.token),
    connectRaw: () => rawPage(server),
    close: async () => {
      await server.close()
      rmSync(rendererDir, { recursive: true, force: true })
    },
  }
}
