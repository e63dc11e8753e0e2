import { connect, type Socket } from 'node:net'
import { AppError } from '../../../shared/errors'
import { FrameTransport } from '../../../shared/contract/frame-transport'
import type {
  ClientMessage,
  ClientTransport,
  CoreMessage,
  CoreTransport,
  Message,
} from '../../../shared/contract/wire'
import { frameBuffers, FrameReader } from './frames'

/** A peer that does not close its half gets this long to take what is left. */
const lingerMs = 2000
const connectWithinMs = 5000

/** Core's way to a client that arrived at its socket. */
export const clientOverSocket = (socket: Socket): CoreTransport =>
  over<CoreMessage, ClientMessage>(socket, 'in')

/** Connects to the core that holds this socket. Rejects with `core.gone` when none answers. */
export function connectToCore(socketPath: string): Promise<ClientTransport> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    const fail = (cause?: unknown): void => {
      socket.destroy()
      reject(new AppError('core.gone', 'No core of Slipway answers', { cause }))
    }
    socket.setTimeout(connectWithinMs, fail)
    socket.once('error', fail)
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.off('error', fail)
      resolve(over<ClientMessage, CoreMessage>(socket, 'data'))
    })
  })
}

function over<Out extends Message, In extends Message>(
  socket: Socket,
  binaryKind: 'data' | 'in',
): FrameTransport<Out, In> {
  const reader = new FrameReader()
  const transport = new FrameTransport<Out, In>(
    {
      write: (frame) => {
        socket.cork()
        for (const part of frameBuffers(frame)) socket.write(part)
        socket.uncork()
      },
      get bufferedBytes() {
        return socket.writableLength
      },
      close: () => {
        socket.end()
        setTimeout(() => socket.destroy(), lingerMs).unref()
      },
    },
    binaryKind,
  )
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const frame of reader.read(chunk)) transport.arrive(frame)
    } catch {
      transport.close()
    }
  })
  // An error is followed by `close`, which is where the transport ends.
  socket.on('error', () => undefined)
  socket.on('close', () => transport.ended())
  return transport
}
