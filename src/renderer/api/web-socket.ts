import { createClient } from '../../shared/contract/client'
import { decode, encode } from '../../shared/contract/codec'
import type { Client } from '../../shared/contract'
import { maxMessageBytes, type ClientTransport, type CoreMessage } from '../../shared/contract/wire'
import { AppError } from '../../shared/errors'
import { Emitter } from '../../shared/std/emitter'

/** What the server closes with when it does not take our token. */
const refusedCode = 4401
const helloTimeoutMs = 10_000

/**
 * Connects to the server that this page came from. The token goes in the first message: a cookie would
 * go to every port of the host, published containers included, and an address is kept in logs.
 */
export async function connectWebSocket(token: string): Promise<Client> {
  if (token === '') throw refused()
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = new WebSocket(`${scheme}://${window.location.host}/ws`)
  socket.binaryType = 'arraybuffer'
  await welcomed(socket, token)
  return createClient(webSocketTransport(socket))
}

const refused = (): AppError => new AppError('request.unauthorized', 'Core refused the token of this window')

function welcomed(socket: WebSocket, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(), helloTimeoutMs)
    const fail = (error?: AppError): void => {
      clearTimeout(timer)
      reject(error ?? new AppError('core.gone', 'Core does not answer'))
      socket.close()
    }
    socket.onopen = () => socket.send(JSON.stringify({ t: 'hello', token }))
    socket.onerror = () => fail()
    socket.onclose = (event) => fail(event.code === refusedCode ? refused() : undefined)
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (!isWelcome(event.data)) return fail()
      clearTimeout(timer)
      resolve()
    }
  })
}

function isWelcome(data: unknown): boolean {
  try {
    return typeof data === 'string' && (JSON.parse(data) as { t?: unknown }).t === 'welcome'
  } catch {
    return false
  }
}

function webSocketTransport(socket: WebSocket): ClientTransport {
  const messages = new Emitter<CoreMessage>()
  const closed = new Emitter<void>()
  socket.onerror = null
  socket.onclose = () => closed.emit()
  socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
    try {
      const frame = typeof event.data === 'string' ? event.data : new Uint8Array(event.data)
      messages.emit(decode(frame, 'data') as CoreMessage)
    } catch {
      // A frame that is no message: nothing after it can be trusted.
      socket.close(4400)
    }
  }
  return {
    send: (message) => {
      const frame = encode(message)
      if (frame.length > maxMessageBytes) throw new AppError('stream.broken', 'The message is too large')
      socket.send(frame)
    },
    onMessage: (listener) => messages.on(listener),
    onClose: (listener) => closed.on(listener),
    get bufferedBytes() {
      return socket.bufferedAmount
    },
    close: () => socket.close(),
  }
}
