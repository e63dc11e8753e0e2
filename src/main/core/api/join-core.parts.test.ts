import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Client, Handlers } from '../../../shared/contract'
import { createClient } from '../../../shared/contract/client'
import { clientOverPort, coreOverPort } from '../../../shared/contract/message-port-transport'
import { Cleanup } from '../../../shared/std/cleanup'
import { fakeHandlers } from '../../../../testing/transports/fake-handlers'
import { codeOf, until } from '../../../../testing/transports/lab'
import { joinCore, joinOrStart, type CoreAccess, type StartedCore } from './join-core'
import { serveClient } from './serve-client'

let folder = ''
let cleanup = new Cleanup()
let started = 0
const handlers: Partial<Handlers> = {}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-join-'))
  cleanup = new Cleanup()
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }))
  started = 0
})
afterEach(() => cleanup.close())

const socketPath = (): string => join(folder, 'core.sock')

function start(): Promise<StartedCore> {
  started++
  const ends = new Set<() => void>()
  return Promise.resolve({
    accept: (transport) =>
      void ends.add(
        serveClient(transport, fakeHandlers(handlers), {
          onPush: () => () => undefined,
          reportBug: () => undefined,
        }),
      ),
    close: () => {
      for (const end of ends) end()
      return Promise.resolve()
    },
  })
}

async function open(): Promise<CoreAccess> {
  const access = await joinOrStart({ socketPath: socketPath(), start })
  cleanup.add(() => access.close())
  return access
}

function clientOf(access: CoreAccess): Client {
  const { port1, port2 } = new MessageChannel()
  access.accept(clientOverPort(port2))
  const client = createClient(coreOverPort(port1))
  cleanup.add(() => client.close())
  return client
}

test('of many that start at once one owns the folder and all the others join it', async () => {
  handlers['registries.list'] = () => ({ registries: ['one'] })
  const all = await Promise.all(Array.from({ length: 8 }, open))
  expect(all.filter(({ isOwner }) => isOwner)).toHaveLength(1)
  expect(started).toBe(1)
  expect(statSync(socketPath()).mode & 0o777).toBe(0o600)
  for (const access of all)
    expect(await clientOf(access).call('registries.list', { engine: 'e' })).toEqual({ registries: ['one'] })
})

test('a client of a joined core is a client of its own: its going aborts its calls and no others', async () => {
  const aborted: number[] = []
  let running = 0
  handlers['ports.check'] = ({ port }, signal) => {
    running++
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        aborted.push(port)
        reject(new Error('stopped'))
      })
    })
  }
  await open()
  const joined = await open()
  const [going, staying] = [clientOf(joined), clientOf(joined)]
  const lost = codeOf(going.call('ports.check', { engine: 'e', port: 1 }))
  const kept = codeOf(staying.call('ports.check', { engine: 'e', port: 2 }))
  await until(() => running === 2, 'both run')
  going.close()
  expect(await lost).toBe('core.gone')
  await until(() => aborted.length > 0, 'one is aborted')
  expect(aborted).toEqual([1])
  staying.close()
  await kept
})

test('credit goes through a relay: a reader that stops bounds the producer in the other process', async () => {
  let made = 0
  handlers['containers.logs'] = async function* () {
    for (; made < 3000; made++) yield (await Promise.resolve('x'.repeat(1000))) as never
  }
  await open()
  const reader = clientOf(await open())
    .stream('containers.logs', { engine: 'e', id: 'c' })
    [Symbol.asyncIterator]()
  await reader.next()
  await until(() => made >= 255, 'the credit is spent')
  for (let n = 0; n < 50; n++) await new Promise((resolve) => setImmediate(resolve))
  expect(made).toBeLessThan(400)
  let got = 1
  while (!(await reader.next()).done) got++
  expect(got).toBe(3000)
})

test('a joined core that ends is told, its clients are closed, and the folder can be taken anew', async () => {
  const owner = await open()
  const joined = await open()
  const client = clientOf(joined)
  await codeOf(client.call('app.info', {}))
  let isGone = false
  let isClosed = false
  joined.onGone(() => (isGone = true))
  client.onClose(() => (isClosed = true))
  await owner.close()
  await until(() => isGone && isClosed, 'the end is told')
  expect((await open()).isOwner).toBe(true)
  expect(started).toBe(2)
})

test('nobody is joined where nobody is, and a core that cannot start gives the folder back', async () => {
  expect(await joinCore(socketPath())).toBeUndefined()
  const failing = joinOrStart({ socketPath: socketPath(), start: () => Promise.reject(new Error('no')) })
  await expect(failing).rejects.toThrow('no')
  expect((await open()).isOwner).toBe(true)
})
