import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { maxMessageBytes, type CoreTransport } from '../../shared/contract/wire'
import { clientOver, refusedCloseCode, welcome } from '../../shared/contract/web-socket-transport'
import type { TokenDoor } from './token-door'

/** Windows at a time, and sockets that have not said hello: each costs a file and some memory. */
export const maxWindows = 64
export const maxStrangers = 32
const helloWithinMs = 5000
const maxHelloChars = 1024

export interface WebSocketDoor {
  readonly token: TokenDoor
  readonly accept: (transport: CoreTransport) => void
}

/** WebSockets whose first message is the token. Nothing of core is reachable before it. */
export class WebSockets {
  readonly #door: WebSocketDoor
  // No compression: it costs memory per socket, and beside secrets it leaks their length.
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    clientTracking: true,
  })
  #strangers = 0

  constructor(door: WebSocketDoor) {
    this.#door = door
  }

  get hasRoom(): boolean {
    return this.#server.clients.size < maxWindows + maxStrangers && this.#strangers < maxStrangers
  }

  /** Takes a request whose Host and Origin were found right. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#greet(opened))
  }

  close(): void {
    for (const socket of this.#server.clients) {
      socket.close(1001, 'Slipway ends')
      // A page that does not answer the close must not keep the server.
      setTimeout(() => socket.terminate(), 500).unref()
    }
    this.#server.close()
  }

  #greet(socket: WebSocket): void {
    this.#strangers++
    socket.on('error', () => socket.terminate())
    const deadline = setTimeout(() => socket.close(refusedCloseCode, 'No hello'), helloWithinMs)
    const settle = (): void => {
      clearTimeout(deadline)
      this.#strangers--
      socket.off('close', settle)
    }
    socket.once('close', settle)
    socket.once('message', (data: RawData, isBinary: boolean) => {
      const token = isBinary ? undefined : tokenOf((data as Buffer).toString())
      const afterMs = token === undefined ? 0 : this.#door.token.refusalAfterMs(token)
      if (afterMs === undefined) {
        settle()
        this.#welcome(socket)
        return
      }
      // It stays a stranger while it waits for its refusal, and so counts against the next guesser.
      clearTimeout(deadline)
      setTimeout(() => socket.close(refusedCloseCode, 'Refused'), afterMs)
    })
  }

  #welcome(socket: WebSocket): void {
    const transport = clientOver(socket)
    socket.send(welcome)
    this.#door.accept(transport)
  }
}

function tokenOf(text: string): string | undefined {
  if (text.length > maxHelloChars) return undefined
  try {
    const hello = JSON.parse(text) as { t?: unknown; token?: unknown } | null
    return hello?.t === 'hello' && typeof hello.token === 'string' ? hello.token : undefined
  } catch {
    return undefined
  }
}
