import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { createClient } from '../../shared/contract/client'
import { helloOf, openWebSocket, refusedCloseCode } from '../../shared/contract/web-socket-transport'
import { AppError } from '../../shared/errors'
import { codeOf, until } from '../../../testing/transports/lab'
import { pageSocket, rawPage } from '../../../testing/transports/web-socket-road'
import { statusOf, WindowServerLab } from '../../../testing/transports/window-server-lab'
import { maxStrangers } from './web-sockets'

let lab: WindowServerLab
beforeEach(async () => void (lab = await WindowServerLab.open()))
afterEach(() => lab.close())

/** What a page hears that says just this first. */
async function firstWord(word: string | Uint8Array): Promise<number> {
  const socket = pageSocket(lab.server)
  socket.once('open', () => socket.send(word))
  const [code] = (await once(socket, 'close')) as [number]
  return code
}

const wrongHellos: readonly (() => string | Uint8Array)[] = [
  () => '',
  () => 'hello',
  () => '{',
  () => 'null',
  () => '[]',
  () => '{"t":"hello"}',
  () => '{"t":"hello","token":null}',
  () => '{"t":"hello","token":""}',
  () => helloOf(lab.server.token.slice(0, -1)),
  () => helloOf(`${lab.server.token} `),
  () => helloOf(lab.server.token.toUpperCase()),
  () => JSON.stringify({ t: 'hello', token: [lab.server.token] }),
  () => JSON.stringify({ t: 'Hello', token: lab.server.token }),
  () => JSON.stringify({ token: lab.server.token }),
  () => lab.server.token,
  () => Buffer.from(helloOf(lab.server.token)),
  () => helloOf(lab.server.token + 'x'.repeat(5000)),
  () => JSON.stringify({ t: 'call', id: 1, name: 'app.info', args: {} }),
]

test.each(wrongHellos.map((word) => [word] as const))(
  'nothing is reached without the right hello: %s',
  async (word) => {
    expect(await firstWord(word())).toBe(refusedCloseCode)
    expect(lab.accepted).toBe(0)
  },
)

test('the token in a query or a header opens nothing: only the first message does', async () => {
  const { token, port } = lab.server
  const headers = { authorization: `Bearer ${token}`, cookie: `token=${token}` }
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { origin: `http://127.0.0.1:${port}`, headers })
  socket.once('open', () => socket.send('{"t":"call","id":1,"name":"app.info","args":{}}'))
  const [code] = (await once(socket, 'close')) as [number]
  expect([code, lab.accepted]).toEqual([refusedCloseCode, 0])
})

test('who says nothing is let go', async () => {
  const [code] = (await once(pageSocket(lab.server), 'close')) as [number]
  expect([code, lab.accepted]).toEqual([refusedCloseCode, 0])
})

test('a page learns that its token was refused, and not merely that the connection ended', async () => {
  const failed = await openWebSocket(pageSocket(lab.server), 'old').catch(
    (error: unknown) => error as AppError,
  )
  expect(failed).toMatchObject({ code: 'core.gone', facts: { isRefused: true } })
})

test('a flood of guesses does not keep the person out', async () => {
  lab.handlers['registries.list'] = () => ({ registries: ['here'] })
  const guesses = Promise.all(Array.from({ length: 20 }, (_, n) => firstWord(helloOf(`guess ${n}`))))
  const client = createClient(await openWebSocket(pageSocket(lab.server), lab.server.token))
  expect(await client.call('registries.list', { engine: 'e' })).toEqual({ registries: ['here'] })
  expect(new Set(await guesses)).toEqual(new Set([refusedCloseCode]))
  expect(lab.accepted).toBe(1)
  client.close()
})

test('silent sockets are limited, and windows that are open go on', async () => {
  lab.handlers['registries.list'] = () => ({ registries: ['here'] })
  const client = createClient(await openWebSocket(pageSocket(lab.server), lab.server.token))
  const silent = Array.from({ length: maxStrangers }, () => pageSocket(lab.server))
  await Promise.all(silent.map((socket) => once(socket, 'open')))
  const [, response] = (await once(pageSocket(lab.server), 'unexpected-response')) as [
    unknown,
    { statusCode: number },
  ]
  expect(response.statusCode).toBe(503)
  expect(await client.call('registries.list', { engine: 'e' })).toEqual({ registries: ['here'] })
  for (const socket of silent) socket.terminate()
  client.close()
})

test('a thousand connections and slow headers leave a window unharmed', async () => {
  lab.handlers['registries.list'] = () => ({ registries: ['here'] })
  const client = createClient(await openWebSocket(pageSocket(lab.server), lab.server.token))
  const flood: Socket[] = Array.from({ length: 1000 }, () => lab.dial())
  for (const socket of flood) socket.write('GET / HTTP/1.1\r\nx-slow: ')
  await until(() => flood.some(({ destroyed }) => destroyed), 'some were turned away')
  expect(await client.call('registries.list', { engine: 'e' })).toEqual({ registries: ['here'] })
  for (const socket of flood) socket.destroy()
  client.close()
})

test('headers that never end are cut off', async () => {
  const socket = lab.dial()
  socket.write('GET / HTTP/1.1\r\nhost: ')
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(socket, 'close')
  expect(statusOf(text)).toBe(408)
})

test('large headers and bodies are refused before they are read', async () => {
  expect(statusOf(await lab.ask('GET /', { 'x-large': 'x'.repeat(20_000) }))).toBe(431)
  expect(statusOf(await lab.ask('GET /', { 'content-length': '1000000000' }))).toBe(413)
  expect(statusOf(await lab.ask('GET /', { 'transfer-encoding': 'chunked' }))).toBe(413)
  expect(statusOf(await lab.ask('POST /', { 'content-length': '1000000000' }))).toBe(405)
})

test('a frame that is no message ends its window and no other', async () => {
  lab.handlers['registries.list'] = () => ({ registries: ['here'] })
  const other = createClient(await openWebSocket(pageSocket(lab.server), lab.server.token))
  for (const frame of [
    '{',
    'x',
    Buffer.from([1, 2]),
    Buffer.from([9, 0, 0, 0, 1, 5]),
    Buffer.alloc(9_000_000),
  ]) {
    const raw = await rawPage(lab.server)
    raw.socket.send(frame)
    await raw.closed
  }
  expect(await other.call('registries.list', { engine: 'e' })).toEqual({ registries: ['here'] })
  other.close()
})

test('the server goes on when its windows go, and takes all of them along when it ends', async () => {
  lab.handlers['registries.list'] = () => ({ registries: ['here'] })
  const first = createClient(await openWebSocket(pageSocket(lab.server), lab.server.token))
  first.close()
  const second = createClient(await openWebSocket(pageSocket(lab.server), lab.server.token))
  expect(await second.call('registries.list', { engine: 'e' })).toEqual({ registries: ['here'] })
  let isClosed = false
  second.onClose(() => (isClosed = true))
  await lab.server.close()
  await until(() => isClosed, 'the window has heard')
  expect(await codeOf(second.call('app.info', {}))).toBe('core.gone')
})

test('a download comes as a file, at the pace of its reader, and a broken one looks broken', async () => {
  lab.handlers['downloads.read'] = async function* ({ ticket }) {
    if (ticket === 'gone') throw new AppError('object.not-found', 'Over')
    yield { kind: 'head', name: 'my "한국" log.txt' }
    yield await Promise.resolve(new Uint8Array([104, 105]))
    if (ticket === 'broken') throw new AppError('engine.unreachable', 'Gone')
  }
  const good = await fetch(`http://${lab.host}/download/good`)
  expect(await good.text()).toBe('hi')
  expect(good.headers.get('content-disposition')).toBe(
    `attachment; filename="my ____ log.txt"; filename*=UTF-8''my%20%22%ED%95%9C%EA%B5%AD%22%20log.txt`,
  )
  expect(good.headers.get('content-type')).toBe('application/octet-stream')
  expect(good.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await fetch(`http://${lab.host}/download/gone`)).status).toBe(404)
  await expect(fetch(`http://${lab.host}/download/broken`).then((answer) => answer.text())).rejects.toThrow()
  for (const path of ['/download/', '/download/a/b', '/download/a%2fb', `/download/${'x'.repeat(129)}`])
    expect(statusOf(await lab.ask(`GET ${path}`))).toBe(404)
  expect(statusOf(await lab.ask('HEAD /download/good'))).toBe(405)
})

test('a browser that leaves a download stops its source', async () => {
  let isStopped = false
  lab.handlers['downloads.read'] = async function* (_args, { signal }) {
    signal.addEventListener('abort', () => (isStopped = true))
    yield { kind: 'head', name: 'endless' }
    for (;;) yield await Promise.resolve(new Uint8Array(65_536))
  }
  const leaving = new AbortController()
  const answer = await fetch(`http://${lab.host}/download/x`, { signal: leaving.signal })
  await answer.body?.getReader().read()
  leaving.abort()
  await until(() => isStopped, 'the source is stopped')
})

test('a browser that leaves before the first byte stops its source too', async () => {
  let state = 'unasked'
  lab.handlers['downloads.read'] = async function* (_args, { signal }) {
    state = 'preparing'
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    state = 'stopped'
    yield { kind: 'head', name: 'late' }
  }
  const leaving = new AbortController()
  const answer = fetch(`http://${lab.host}/download/x`, { signal: leaving.signal })
  await until(() => state === 'preparing', 'the source was asked')
  leaving.abort()
  await expect(answer).rejects.toThrow()
  await until(() => state === 'stopped', 'the source is stopped')
})

/** As the page sends a file. */
const sendUp = (ticket: string, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
  fetch(`http://${lab.host}/upload/${ticket}`, {
    method: 'POST',
    headers: { origin: `http://${lab.host}` },
    body,
  })

test('an upload goes to core whole', async () => {
  const body = new Uint8Array(randomBytes(3_000_001))
  const got: Uint8Array[] = []
  lab.handlers['uploads.write'] = async function* ({ ticket }, { input }) {
    if (ticket === 'gone') throw new AppError('object.not-found', 'Over')
    for await (const piece of input) {
      if (!(piece instanceof Uint8Array)) break
      got.push(piece)
    }
    yield { kind: 'taken' }
  }
  expect((await sendUp('good', body)).status).toBe(204)
  expect(Buffer.concat(got).equals(body)).toBe(true)
  expect((await sendUp('gone', new Uint8Array([1]))).status).toBe(404)
})

/** The head of an upload, as the page sends it; its body is the test's. */
const uploadHead = (sizeBytes: number): string =>
  `POST /upload/x HTTP/1.1\r\nhost: ${lab.host}\r\norigin: http://${lab.host}\r\ncontent-length: ${sizeBytes}\r\n\r\n`

test('no more of an upload is read than core takes', async () => {
  let release = (): void => undefined
  const goOn = new Promise<void>((resolve) => (release = resolve))
  let gotBytes = 0
  lab.handlers['uploads.write'] = async function* (_args, { input }) {
    for await (const piece of input) {
      if (!(piece instanceof Uint8Array)) break
      gotBytes += piece.length
      await goOn
    }
    yield { kind: 'taken' }
  }
  const sizeBytes = 100_000_000
  const socket = lab.dial()
  let status = 0
  socket.on('data', (answer: Buffer) => (status = statusOf(answer.toString())))
  socket.write(uploadHead(sizeBytes))
  socket.write(Buffer.alloc(sizeBytes))
  await until(() => gotBytes > 0, 'the first piece is there')
  let before = -1
  await until(() => before === (before = left(socket)), 'the socket takes no more')
  // Buffers of the system hold some of it.
  expect(left(socket)).toBeGreaterThan(sizeBytes / 2)
  release()
  await until(() => status !== 0, 'it was answered')
  expect([status, gotBytes]).toEqual([204, sizeBytes])
  socket.destroy()
})
const left = (socket: Socket): number => socket.writableLength

test('who stops wanting an upload is given time to be heard by the page; then it is refused', async () => {
  lab.handlers['uploads.write'] = async function* (_args, { input }) {
    for await (const piece of input) if (piece instanceof Uint8Array) throw new AppError('cancelled', 'Left')
    yield { kind: 'taken' }
  }
  const sentAtMs = performance.now()
  expect((await sendUp('left', new Uint8Array(2_000_000))).status).toBe(409)
  expect(performance.now() - sentAtMs).toBeGreaterThan(1000)
})

test('guessed tickets are refused before their bodies are read, however slow those are', async () => {
  lab.handlers['uploads.write'] = () => {
    throw new AppError('object.not-found', 'Over')
  }
  const flood = Array.from({ length: 300 }, () => lab.dial().resume())
  for (const socket of flood) socket.write(`${uploadHead(1e12)}a`)
  await until(() => flood.every(({ destroyed }) => destroyed), 'all were turned away')
  expect((await fetch(`http://${lab.host}/`)).status).toBe(200)
})

test('a browser that leaves an upload ends it in core', async () => {
  let end = 'none'
  lab.handlers['uploads.write'] = async function* (_args, { input, signal }) {
    for await (const piece of input) if (!(piece instanceof Uint8Array)) return
    end = signal.aborted ? 'broken' : 'whole'
    yield { kind: 'taken' }
  }
  const socket = lab.dial()
  socket.write(`${uploadHead(1_000_000)}ab`)
  await until(() => lab.accepted === 1, 'core was asked')
  socket.destroy()
  await until(() => end !== 'none', 'core heard of it')
  expect(end).toBe('broken')
})
