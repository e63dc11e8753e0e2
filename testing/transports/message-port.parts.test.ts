import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { clientOverPort, coreOverPort, type PortLike } from '../../src/shared/contract/message-port-transport'
import { describe, expect, test } from 'vitest'
import { createClient } from '../../src/shared/contract/client'
import { serveClient } from '../../src/main/core/api/serve-client'
import { fakeHandlers } from './fake-handlers'
import type { OpenRoad } from './lab'
import { testRoad } from './suite'

/** Node's port under the face of Electron's MessagePortMain: an emitter of events that carry `data`. */
class MainFace {
  constructor(private readonly port: MessagePort) {}

  on(type: 'message' | 'close', listener: (event: never) => void): void {
    const hear = listener as (event: { data?: unknown }) => void
    this.port.on(type, (data?: unknown) => hear({ data }))
  }
  postMessage(message: unknown): void {
    this.port.postMessage(message)
  }
  start(): void {
    this.port.start()
  }
  close(): void {
    this.port.close()
  }
}

const roadOver =
  (face: (port: MessagePort) => PortLike): OpenRoad =>
  (serve) => {
    const channel = (): MessageChannel => {
      const made = new MessageChannel()
      serve(clientOverPort(face(made.port2)))
      return made
    }
    return Promise.resolve({
      connect: () => Promise.resolve(coreOverPort(face(channel().port1))),
      connectRaw: () => {
        const { port1 } = channel()
        // A port that nobody reads keeps its close event back behind the unread messages.
        port1.on('message', () => undefined)
        return Promise.resolve({
          send: (message: unknown) => port1.postMessage(message),
          closed: new Promise<void>((resolve) => port1.once('close', resolve)),
        })
      },
      close: () => Promise.resolve(),
    })
  }

describe('a web port', () => testRoad(roadOver((port) => port)))
describe("Electron's port", () => testRoad(roadOver((port) => new MainFace(port))))

// Core may take its end late: it connects to another process first, or is still starting.
test('what was asked before core took its end is answered', async () => {
  const { port1, port2 } = new MessageChannel()
  const core = clientOverPort(port2)
  const client = createClient(coreOverPort(port1))
  const asked = client.call('registries.list', { engine: 'e' })
  await new Promise((resolve) => setImmediate(resolve))
  const handlers = fakeHandlers({ 'registries.list': () => ({ registries: ['here'] }) })
  serveClient(core, handlers, { onPush: () => () => undefined, reportBug: () => undefined })
  expect(await asked).toEqual({ registries: ['here'] })
  client.close()
})

test('of bytes that stand among others just those travel', async () => {
  const { port1, port2 } = new MessageChannel()
  const arrived = new Promise<Uint8Array>((resolve) =>
    coreOverPort(port1).onMessage((message) => {
      if (message.t === 'data') resolve(message.value as Uint8Array)
    }),
  )
  const all = new Uint8Array(65_536).fill(7)
  all.set([1, 2, 3], 1000)
  clientOverPort(port2).send({ t: 'data', id: 1, value: all.subarray(1000, 1003) })
  const bytes = await arrived
  expect([...new Uint8Array(bytes.buffer)]).toEqual([1, 2, 3])
  port1.close()
})
