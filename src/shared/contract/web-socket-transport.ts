import { AppError } from '../errors'
import { FrameTransport } from './frame-transport'
import type { ClientMessage, ClientTransport, CoreMessage, CoreTransport, Message } from './wire'

/** What the browser's WebSocket and that of `ws` have in common. */
export interface WebSocketLike {
  binaryType: string
  readonly bufferedAmount: number
  send(data: string | Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'close' | 'error' | 'message' | 'open', listener: (event: object) => void): void
  removeEventListener(type: 'close' | 'error' | 'message' | 'open', listener: (event: object) => void): void
}

/** The first words on a WebSocket, as text frames. Anything else before them ends it. */
export const helloOf = (token: string): string => JSON.stringify({ t: 'hello', token })
export const welcome = '{"t":"welcome"}'

/** Nothing waits for ever, a server that accepts and then keeps silent included. */
const welcomeWithinMs = 15_000

/**
 * The client's side of a fresh WebSocket: says hello with the token and resolves when core has answered.
 * Rejects with `core.gone` when it does not, or when the token was refused (`facts.isRefused`).
 */
export function openWebSocket(socket: WebSocketLike, token: string): Promise<ClientTransport> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer)
      socket.removeEventListener('open', hello)
      socket.removeEventListener('message', answer)
      socket.removeEventListener('close', refuse)
    }
    const refuse = (event: object): void => {
      settle()
      socket.close()
      const facts = { isRefused: (event as { code?: unknown }).code === refusedCloseCode }
      reject(new AppError('core.gone', 'The core of Slipway did not answer', { facts }))
    }
    const hello = (): void => socket.send(helloOf(token))
    const answer = (event: object): void => {
      if ((event as { data?: unknown }).data !== welcome) return refuse({})
      settle()
      resolve(coreOver(socket))
    }
    const timer = setTimeout(() => refuse({}), welcomeWithinMs)
    socket.addEventListener('open', hello)
    socket.addEventListener('message', answer)
    socket.addEventListener('close', refuse)
  })
}

/** Closes with this code say that the token was wrong: asking again with the same one is in vain. */
export const refusedCloseCode = 4401

/** The way to core over a socket that was welcomed. */
const coreOver = (socket: WebSocketLike): ClientTransport => over<ClientMessage, CoreMessage>(socket, 'data')
/** The way to a client over a socket that was welcomed. */
export const clientOver = (socket: WebSocketLike): CoreTransport =>
  over<CoreMessage, ClientMessage>(socket, 'in')

function over<Out extends Message, In extends Message>(
  socket: WebSocketLike,
  binaryKind: 'data' | 'in',
): FrameTransport<Out, In> {
  socket.binaryType = 'arraybuffer'
  const transport = new FrameTransport<Out, In>(
    {
      write: (frame) => socket.send(frame),
      get bufferedBytes() {
        return socket.bufferedAmount
      },
      close: () => socket.close(),
    },
    binaryKind,
  )
  socket.addEventListener('message', (event) => {
    const { data } = event as { data: string | ArrayBuffer }
    transport.arrive(typeof data === 'string' ? data : new Uint8Array(data))
  })
  socket.addEventListener('close', () => transport.ended())
  return transport
}
