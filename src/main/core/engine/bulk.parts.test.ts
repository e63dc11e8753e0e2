/** Large bodies from servers that behave as engines on bad days do, over a unix socket and over a road without one. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { waitFor } from '../platform/wait-for'
import { bulkExchange, type BulkRequest } from './bulk'
import { dialUnix } from './dial'
import type { Dial } from './engine'

const dir = mkdtempSync('/tmp/slipway-bulk-')
const socketPath = join(dir, 's')
const data = randomBytes(24 * 1024 * 1024)
const sockets = new Set<Socket>()
let respond: (response: ServerResponse) => void
let server: Server

/** As SSH's channels are: no kept buffer. */
const plainDial: Dial = () => Promise.resolve(connect(socketPath))
const dials: [string, Dial][] = [
  ['a unix socket', dialUnix(socketPath)],
  ['another road', plainDial],
]

beforeAll(async () => {
  server = createServer((_request, response) => respond(response))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
})
beforeEach(() => {
  respond = (response) =>
    void pipeline(Readable.from(inChunks(data, 32_768)), response).catch(() => undefined)
})
afterAll(async () => {
  await allClosed()
  server.close()
  rmSync(dir, { recursive: true })
})

const allClosed = (): Promise<unknown> =>
  waitFor(() => sockets.size === 0, { timeoutMs: 10_000, what: 'connections to end' })

function* inChunks(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const asked = (dial: Dial, more: Partial<BulkRequest> = {}): BulkRequest => ({
  dial,
  address: `unix://${socketPath}`,
  target: '/v1.41/images/get?names=x',
  path: '/images/get',
  closed: new AbortController().signal,
  timeoutMs: 10_000,
  ...more,
})

async function hashOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of body) {
    hash.update(piece)
    // A reader that is busy elsewhere for a while: the piece must stay as it is.
    await new Promise(setImmediate)
  }
  return hash.digest('hex')
}

const expected = createHash('sha256').update(data).digest('hex')

test.each(dials)('over %s every byte arrives, chunked or with a length', async (_, dial) => {
  expect(await hashOf(await bulkExchange(asked(dial)))).toBe(expected)
  respond = (response) => response.writeHead(200, { 'content-length': data.length }).end(data)
  expect(await hashOf(await bulkExchange(asked(dial)))).toBe(expected)
  await allClosed()
})

test.each(dials)('over %s a reader that stands still stops the sender', async (_, dial) => {
  let sent = 0
  const source = async function* (): AsyncGenerator<Buffer> {
    for (const chunk of inChunks(data, 32_768)) {
      sent += chunk.length
      yield chunk
      await new Promise(setImmediate)
    }
  }
  respond = (response) => void pipeline(Readable.from(source()), response).catch(() => undefined)
  const body = (await bulkExchange(asked(dial)))[Symbol.asyncIterator]()
  await body.next()
  let before = -1
  await waitFor(
    () => {
      const isStill = sent === before
      before = sent
      return isStill
    },
    { timeoutMs: 10_000, what: 'the sender to stop' },
  )
  expect(sent).toBeLessThan(8 * 1024 * 1024)
  await body.return?.()
  await allClosed()
})

test.each(dials)('over %s a body that breaks off in the middle throws', async (_, dial) => {
  respond = (response) => {
    response.write(data.subarray(0, 300_000))
    setImmediate(() => response.destroy())
  }
  const reading = bulkExchange(asked(dial)).then(hashOf)
  await expect(reading).rejects.toMatchObject({ code: 'engine.unreachable' })
})

test.each(dials)('over %s a clean end before the last chunk throws as well', async (_, dial) => {
  respond = (response) => {
    const { socket } = response
    socket?.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
  }
  const reading = bulkExchange(asked(dial)).then(hashOf)
  await expect(reading).rejects.toMatchObject({ code: 'engine.unreachable' })
})

test.each(dials)('over %s a cancel in the middle ends the reading and the connection', async (_, dial) => {
  const person = new AbortController()
  const body = (await bulkExchange(asked(dial, { signal: person.signal })))[Symbol.asyncIterator]()
  await body.next()
  person.abort()
  await expect(body.next()).rejects.toMatchObject({ code: 'cancelled' })
  await allClosed()
})

test('a body that nobody begins to read ends with its signal', async () => {
  const person = new AbortController()
  await bulkExchange(asked(dialUnix(socketPath), { signal: person.signal }))
  expect(sockets.size).toBe(1)
  person.abort()
  await allClosed()
})

test('the close of the engine ends what is being read', async () => {
  const closed = new AbortController()
  const body = (await bulkExchange(asked(dialUnix(socketPath), { closed: closed.signal })))[
    Symbol.asyncIterator
  ]()
  await body.next()
  closed.abort()
  await expect(body.next()).rejects.toMatchObject({ code: 'engine.unreachable' })
  await allClosed()
})

test('a refusal has its code and the words of the engine', async () => {
  respond = (response) => response.writeHead(404).end('{"message":"No such image: x"}')
  await expect(bulkExchange(asked(dialUnix(socketPath)))).rejects.toMatchObject({
    code: 'object.not-found',
    message: 'No such image: x',
  })
  await allClosed()
})

test('silence, a missing socket and a cancel before the start each have their code', async () => {
  respond = () => undefined
  const dial = dialUnix(socketPath)
  await expect(bulkExchange(asked(dial, { timeoutMs: 200 }))).rejects.toMatchObject({
    code: 'engine.not-responding',
  })
  await expect(bulkExchange(asked(dialUnix(join(dir, 'none'))))).rejects.toMatchObject({
    code: 'engine.socket-missing',
  })
  const signal = AbortSignal.abort()
  await expect(bulkExchange(asked(dial, { signal }))).rejects.toMatchObject({ code: 'cancelled' })
  const never: Dial = (ended) =>
    new Promise((_, reject) => ended.addEventListener('abort', () => reject(new Error('left'))))
  await expect(bulkExchange(asked(never, { timeoutMs: 50 }))).rejects.toMatchObject({
    code: 'engine.not-responding',
  })
  await allClosed()
})

test('a road that minds no signal is not waited for, and closed when it comes', async () => {
  const late = connect(socketPath)
  let come = (): void => undefined
  const deaf: Dial = () => new Promise((resolve) => (come = () => resolve(late)))
  await expect(bulkExchange(asked(deaf, { timeoutMs: 50 }))).rejects.toMatchObject({
    code: 'engine.not-responding',
  })
  expect(late.destroyed).toBe(false)
  come()
  await waitFor(() => late.destroyed, { timeoutMs: 5_000, what: 'the late connection to be closed' })
  await allClosed()
})
