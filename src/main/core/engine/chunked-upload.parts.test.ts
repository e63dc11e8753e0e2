/** Large uploads to servers that behave as engines on bad days do, over a unix socket and over a road without one. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import { pause, waitFor } from '../platform/wait-for'
import { bulkExchange, type BulkRequest } from './bulk'
import { dialUnix } from './dial'
import type { Dial } from './engine'

const dir = mkdtempSync('/tmp/slipway-upload-')
const socketPath = join(dir, 's')
const data = randomBytes(16 * 1024 * 1024 + 7)
const sockets = new Set<Socket>()
let respond: (request: IncomingMessage, response: ServerResponse) => void
let server: Server

const dials: [string, Dial][] = [
  ['a unix socket', dialUnix(socketPath)],
  ['another road', () => Promise.resolve(connect(socketPath))],
]

beforeAll(async () => {
  server = createServer((request, response) => respond(request, response))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
})
beforeEach(() => {
  respond = (request, response) => {
    const hash = createHash('sha256')
    request.on('data', (bytes: Buffer) => hash.update(bytes))
    request.on('end', () => response.end(hash.digest('hex')))
  }
})
afterAll(async () => {
  await allClosed()
  server.close()
  rmSync(dir, { recursive: true })
})

const allClosed = (): Promise<unknown> =>
  waitFor(() => sockets.size === 0, { timeoutMs: 10_000, what: 'connections to end' })

const asked = (dial: Dial, more: Partial<BulkRequest>): BulkRequest => ({
  ...{ dial, address: `unix://${socketPath}`, method: 'PUT' },
  ...{ target: '/v1.41/containers/x/archive?path=/', path: '/containers/x/archive' },
  ...{ closed: new AbortController().signal, timeoutMs: 10_000 },
  ...more,
})

async function answerTo(dial: Dial, more: Partial<BulkRequest>): Promise<string> {
  let text = ''
  for await (const piece of await bulkExchange(asked(dial, more))) text += Buffer.from(piece).toString()
  return text
}

/** Pieces of odd sizes, all in one buffer. */
async function* inOneBuffer(): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(1_000_000)
  for (let at = 0, n = 0; at < data.length; n++) {
    const size = data.copy(buffer, 0, at, at + 1 + ((n * 77_777) % buffer.length))
    yield buffer.subarray(0, size)
    yield buffer.subarray(0, 0)
    buffer.fill(0)
    at += size
    await new Promise(setImmediate)
  }
}

test.each(dials)('over %s every byte arrives, from a source that uses its memory again', async (_, dial) => {
  expect(await answerTo(dial, { upload: inOneBuffer() })).toBe(
    createHash('sha256').update(data).digest('hex'),
  )
  const nothing = createHash('sha256').digest('hex')
  expect(await answerTo(dial, { upload: [] })).toBe(nothing)
  await allClosed()
})

test.each(dials)('over %s a source that fails fails the call, and its half is no whole', async (_, dial) => {
  let hasEnded = false
  respond = (request) => request.on('end', () => (hasEnded = true)).resume()
  const failing = (error: Error): AsyncIterable<Uint8Array> =>
    (async function* () {
      yield data.subarray(0, 100_000)
      await new Promise(setImmediate)
      throw error
    })()
  const gone = failing(Object.assign(new Error('gone'), { code: 'ENOENT' }))
  await expect(answerTo(dial, { upload: gone })).rejects.toMatchObject({
    ...{ code: 'file.failed', facts: { reason: 'ENOENT' } },
  })
  const cancelled = failing(new AppError('cancelled', 'The upload ended'))
  await expect(answerTo(dial, { upload: cancelled })).rejects.toMatchObject({ code: 'cancelled' })
  await allClosed()
  expect(hasEnded).toBe(false)
})

test.each(dials)('over %s a refusal in the middle is told, and the source is left', async (_, dial) => {
  // As Go's server does: it answers, closes its own side, reads no more, and hangs up half a second later.
  respond = ({ socket }) => {
    const words = '{"message":"No such container: x"}'
    socket.end(`HTTP/1.1 404 Not Found\r\nContent-Length: ${words.length}\r\n\r\n${words}`)
    setTimeout(() => socket.destroy(), 500)
  }
  let isLeft = false
  const upload = (async function* () {
    try {
      for (;;) {
        yield data.subarray(0, 65_536)
        await new Promise(setImmediate)
      }
    } finally {
      isLeft = true
    }
  })()
  await expect(answerTo(dial, { upload })).rejects.toMatchObject({ code: 'object.not-found' })
  await waitFor(() => isLeft, { timeoutMs: 10_000, what: 'the source to be left' })
  await allClosed()
})

test.each(dials)('over %s only an engine that takes nothing meets the deadline', async (_, dial) => {
  const slow = (async function* () {
    yield data.subarray(0, 10)
    // Longer than the deadline: it must begin anew at least once.
    await pause(2_000)
    yield data.subarray(10, 20)
  })()
  expect(await answerTo(dial, { upload: slow, timeoutMs: 1_500 })).toBe(
    createHash('sha256').update(data.subarray(0, 20)).digest('hex'),
  )
  const unread: IncomingMessage[] = []
  respond = (request) => void unread.push(request.pause())
  await expect(answerTo(dial, { upload: [data], timeoutMs: 1_500 })).rejects.toMatchObject({
    code: 'engine.not-responding',
  })
  for (const request of unread) request.resume()
  await allClosed()
})

test.each(dials)('over %s a cancel in the middle ends the source and the connection', async (_, dial) => {
  const person = new AbortController()
  const upload = (async function* () {
    yield data.subarray(0, 65_536)
    await new Promise(setImmediate)
    person.abort()
    yield data.subarray(65_536)
  })()
  await expect(answerTo(dial, { upload, signal: person.signal })).rejects.toMatchObject({ code: 'cancelled' })
  await allClosed()
})
