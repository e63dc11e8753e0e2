import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { FakeEngine, fakeContainer, fakeEvent } from '../fake-engine/fake-engine'
import { startFaultProxy, type FaultProxy } from './fault-proxy'

const dir = mkdtempSync('/tmp/slipway-proxy-')
const engine = new FakeEngine(join(dir, 'engine'))
let proxy: FaultProxy

beforeAll(async () => {
  engine.holdings.containers = [fakeContainer(1)]
  await engine.start()
  proxy = await startFaultProxy(engine.socketPath, join(dir, 'proxy'))
})
afterEach(() => proxy.plan(() => undefined))
afterAll(async () => {
  await proxy.close()
  await engine.stop()
  rmSync(dir, { recursive: true })
})

interface Got {
  readonly body: string
  readonly apiVersion: unknown
}

/** The answer of one request; rejects with the errno of a connection that failed. */
function get(
  path: string,
  options: { timeoutMs?: number; onData?: (text: string) => void } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: proxy.socketPath, path, agent: false }, (answer) => {
      let body = ''
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString()
        options.onData?.(body)
      })
      answer.on('end', () => resolve({ body, apiVersion: answer.headers['api-version'] }))
      answer.on('error', reject)
    })
    asked.on('error', reject)
    if (options.timeoutMs) setTimeout(() => asked.destroy(new Error('silent')), options.timeoutMs)
    asked.end()
  })
}

test("without a plan the answer is the engine's own, and the request is noted without its version", async () => {
  expect(JSON.parse((await get('/containers/json')).body)).toHaveLength(1)
  expect(proxy.requests.at(-1)).toEqual({ method: 'GET', path: '/containers/json' })
})

test('an answer is rewritten, replaced, or told in another version', async () => {
  proxy.plan(() => ({ rewrite: (rows) => [...(rows as object[]), {}], apiVersion: '1.99' }))
  const got = await get('/containers/json')
  expect(JSON.parse(got.body)).toHaveLength(2)
  expect(got.apiVersion).toBe('1.99')
  proxy.plan(() => ({ answer: { status: 500, body: 'no' } }))
  expect((await get('/info')).body).toBe('no')
})

test('an answer is cut at the byte that was named', async () => {
  let got = ''
  proxy.plan(() => ({ cutAfterBytes: 10 }))
  await expect(get('/containers/json', { onData: (text) => (got = text) })).rejects.toThrow()
  expect(got).toHaveLength(10)
  proxy.plan(() => ({ cutAfterBytes: 0 }))
  await expect(get('/info')).rejects.toThrow('socket hang up')
})

test('a stalled request is silent, a trickled one comes byte by byte, a delayed one comes whole', async () => {
  proxy.plan(() => ({ stall: true }))
  await expect(get('/info', { timeoutMs: 100 })).rejects.toThrow('silent')
  let steps = 0
  // Two bytes that wait for their reader come to it as one piece: the second is sent long after the first.
  proxy.plan(() => ({ trickleMs: 2_000 }))
  const got = await get('/_ping', { onData: () => steps++ })
  expect({ body: got.body, steps }).toEqual({ body: 'OK', steps: 2 })
  proxy.plan(() => ({ delayMs: 20 }))
  expect((await get('/_ping')).body).toBe('OK')
})

test('events are dropped by choice', async () => {
  proxy.plan(() => ({ keepEvent: (event) => (event as { Action: string }).Action !== 'die' }))
  let heard = ''
  const reading = get('/events', { onData: (text) => (heard = text) }).catch(() => undefined)
  await expect.poll(() => engine.listeners, { timeout: 20_000 }).toBe(1)
  engine.emit(fakeEvent('a', 'die'), fakeEvent('b', 'start'))
  await expect.poll(() => heard, { timeout: 20_000 }).toContain('"b"')
  expect(heard).not.toContain('"a"')
  proxy.cut()
  await reading
  await expect.poll(() => engine.listeners, { timeout: 20_000 }).toBe(0)
})

test('a refusing, a missing and a new socket are what they say', async () => {
  await proxy.refuse()
  await expect(get('/_ping')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await proxy.removeSocket()
  await expect(get('/_ping')).rejects.toMatchObject({ code: 'ENOENT' })
  await proxy.listen()
  expect((await get('/_ping')).body).toBe('OK')
})
