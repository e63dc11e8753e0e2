import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { busyboxImage } from '../../../../testing/engine/images'
import { startFaultProxy, type FaultProxy } from '../../../../testing/fault-proxy/fault-proxy'
import type { EngineId } from '../../../shared/model'
import { waitFor } from '../platform/wait-for'
import { demux } from './demux'
import { dialTcp, dialUnix } from './dial'
import { pathPart } from './engine'
import { connectEngine, type ConnectedEngine } from './engine-client'
import { negotiateApi } from './version'

const dir = mkdtempSync('/tmp/slipway-client-')
const socketPath = join(dir, 's')
let proxy: FaultProxy
let engine: ConnectedEngine

const connect = (path = socketPath): Promise<ConnectedEngine> =>
  connectEngine({
    id: 'test' as EngineId,
    dial: dialUnix(path),
    address: `unix://${path}`,
    signal: new AbortController().signal,
    pingTimeoutMs: 30_000,
  })

beforeAll(async () => {
  proxy = await startFaultProxy(inject('engineSocket'), socketPath)
  engine = await connect()
})
afterEach(() => proxy.plan(() => undefined))
afterAll(async () => {
  engine.close()
  await waitFor(() => proxy.openConnections === 0, { timeoutMs: 10_000, what: 'connections to end' })
  await proxy.close()
  rmSync(dir, { recursive: true })
})

async function runningShell(tty = false): Promise<string> {
  const body = { Image: busyboxImage, Cmd: ['sleep', '1000'], Tty: tty, HostConfig: { NetworkMode: 'none' } }
  const { Id: id } = await engine.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
  await engine.json({ method: 'POST', path: `/containers/${pathPart(id)}/start` })
  return id
}
const remove = (id: string): Promise<unknown> =>
  engine.json({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } })

async function exec(id: string, command: readonly string[]): Promise<string> {
  const body = { Cmd: command, AttachStdin: true, AttachStdout: true, AttachStderr: true }
  return (await engine.json<{ Id: string }>({ method: 'POST', path: `/containers/${id}/exec`, body })).Id
}

interface Said {
  readonly Version: string
  readonly ApiVersion: string
  readonly MinAPIVersion: string
}

test('a connected engine tells who it is', async () => {
  const said = await engine.json<Said>({ path: '/version' })
  expect(engine.facts).toMatchObject({
    ...{
      apiVersion: negotiateApi({ newest: said.ApiVersion, oldest: said.MinAPIVersion }),
      version: said.Version,
    },
    isPodman: false,
  })
  expect(engine.facts.apiVersion).toMatch(/^1\.\d+$/)
  expect(engine.facts.version).toMatch(/^\d+\./)
  expect(engine.facts.cpus).toBeGreaterThan(0)
  expect(Math.abs(engine.clockSkewMs)).toBeLessThan(5_000)
  expect(engine.features.platform).toBe(true)
})

test('a newer engine is spoken to in the newest version that we know', async () => {
  proxy.plan(({ path }) =>
    path === '/_ping'
      ? { apiVersion: '1.99' }
      : path === '/info'
        ? { answer: { status: 200, body: '{}' } }
        : undefined,
  )
  const newer = await connect()
  expect(newer.facts.apiVersion).toBe('1.51')
  newer.close()
})

test('an engine from before 1.24 is too old', async () => {
  proxy.plan(({ path }) => (path === '/_ping' ? { apiVersion: '1.18' } : undefined))
  await expect(connect()).rejects.toMatchObject({ code: 'engine.too-old', facts: { apiVersion: '1.18' } })
})

test('silence, a trickle and a cut answer each have their code', async () => {
  proxy.plan(() => ({ stall: true }))
  await expect(engine.json({ path: '/info', timeoutMs: 300 })).rejects.toMatchObject({
    code: 'engine.not-responding',
  })
  proxy.plan(() => ({ trickleMs: 100 }))
  await expect(engine.json({ path: '/info', timeoutMs: 500 })).rejects.toMatchObject({
    code: 'engine.not-responding',
  })
  proxy.plan(() => ({ cutAfterBytes: 40 }))
  await expect(engine.json({ path: '/info' })).rejects.toMatchObject({ code: 'engine.unreachable' })
  proxy.plan(() => ({ answer: { status: 200, body: '{"cut' } }))
  await expect(engine.json({ path: '/info' })).rejects.toMatchObject({ code: 'engine.bad-answer' })
})

test('a missing, a refusing and a plain TCP address that nobody serves each have their code', async () => {
  await expect(connect(join(dir, 'none'))).rejects.toMatchObject({ code: 'engine.socket-missing' })
  const refusing = await startFaultProxy(inject('engineSocket'), join(dir, 'r'))
  await refusing.refuse()
  await expect(connect(join(dir, 'r'))).rejects.toMatchObject({ code: 'engine.unreachable' })
  await refusing.close()
  const target = { id: 'tcp' as EngineId, address: 'tcp://127.0.0.1:1', signal: new AbortController().signal }
  const dial = dialTcp({ host: '127.0.0.1', port: 1 })
  await expect(connectEngine({ ...target, dial })).rejects.toMatchObject({ code: 'engine.unreachable' })
  const secure = dialTcp({ host: '127.0.0.1', port: 1, tls: { caFile: join(dir, 'no.pem') } })
  await expect(connectEngine({ ...target, dial: secure })).rejects.toMatchObject({ code: 'engine.tls' })
})

test('a kept connection that the engine closed meanwhile is no failure for a reading call', async () => {
  await engine.json({ path: '/info' })
  proxy.cut()
  await expect(engine.json({ path: '/info' })).resolves.toBeDefined()
})

test('a cancelled call ends at once', async () => {
  proxy.plan(() => ({ stall: true }))
  const ended = new AbortController()
  const call = engine.json({ path: '/info', signal: ended.signal })
  ended.abort()
  await expect(call).rejects.toMatchObject({ code: 'cancelled' })
})

test('refusals carry the words of the engine', async () => {
  await expect(engine.json({ path: '/containers/nope/json' })).rejects.toMatchObject({
    code: 'object.not-found',
    facts: { kind: 'container' },
  })
  const create = { method: 'POST', path: '/networks/create', body: { Name: 'bridge' } } as const
  await expect(engine.json(create)).rejects.toMatchObject({ code: 'object.conflict' })
  await expect(engine.json({ path: '/no-such-thing' })).rejects.toMatchObject({ code: 'engine.unsupported' })
})

test('an exec reads what we write until we half-close, and answers after it', async () => {
  const id = await runningShell()
  const execId = await exec(id, ['sh', '-c', 'cat; echo done; echo oops >&2'])
  const { stream } = await engine.hijack({
    method: 'POST',
    path: `/exec/${execId}/start`,
    body: { Detach: false, Tty: false },
  })
  stream.end('hello\n')
  const said = { stdout: '', stderr: '' }
  for await (const { source, bytes } of demux(stream)) said[source] += bytes.toString('utf8')
  expect(said).toEqual({ stdout: 'hello\ndone\n', stderr: 'oops\n' })
  await remove(id)
})

test('a hijacked stream that is cut fails or ends, and never hangs', async () => {
  const id = await runningShell()
  const execId = await exec(id, ['cat'])
  const body = { Detach: false, Tty: false }
  const { stream } = await engine.hijack({ method: 'POST', path: `/exec/${execId}/start`, body })
  stream.resume()
  const closed = new Promise((resolve) => stream.on('error', resolve).on('end', resolve))
  proxy.cut()
  await closed
  await remove(id)
})

test('an upload reaches the container, and a source that fails fails the call', async () => {
  const id = await runningShell()
  const read = await engine.stream({ path: `/containers/${id}/archive`, query: { path: '/etc/passwd' } })
  const tar = Buffer.concat(await read.toArray())
  const put = { method: 'PUT', path: `/containers/${id}/archive`, query: { path: '/tmp' } } as const
  await text(await engine.stream({ ...put, upload: [tar.subarray(0, 100), tar.subarray(100)] }))
  const back = await engine.stream({ path: `/containers/${id}/archive`, query: { path: '/tmp/passwd' } })
  expect(await text(back)).toContain('root:')
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield tar.subarray(0, 100)
    await Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' }))
  }
  await expect(engine.stream({ ...put, upload: broken() })).rejects.toMatchObject({ code: 'file.failed' })
  await remove(id)
})

test('a slow reader slows the engine: what waits in memory stays small', async () => {
  const id = await runningShell()
  const execId = await exec(id, ['yes'])
  const body = { Detach: false, Tty: false }
  const { stream } = await engine.hijack({ method: 'POST', path: `/exec/${execId}/start`, body })
  await new Promise((resolve) => stream.once('readable', resolve))
  await waitFor(() => stream.readableLength >= stream.readableHighWaterMark, {
    timeoutMs: 10_000,
    what: 'a full buffer',
  })
  expect(stream.readableLength).toBeLessThan(1024 * 1024)
  stream.destroy()
  await remove(id)
})

test('slow calls never stand in the way of a list', async () => {
  proxy.plan(({ path }) => (path.includes('/stop') ? { stall: true } : undefined))
  const ended = new AbortController()
  const stops = Array.from({ length: 20 }, () =>
    engine
      .json({ method: 'POST', path: '/containers/x/stop', timeoutMs: 60_000, signal: ended.signal })
      .catch(() => 0),
  )
  await expect(engine.json({ path: '/containers/json', timeoutMs: 10_000 })).resolves.toBeInstanceOf(Array)
  ended.abort()
  await Promise.all(stops)
})

test('an engine that goes away leaves none of many calls without an answer', async () => {
  proxy.plan(() => ({ stall: true }))
  const before = proxy.requests.length
  const calls = (count: number, call: () => Promise<unknown>) =>
    Promise.allSettled(Array.from({ length: count }, call))
  const read = () => engine.json({ path: '/containers/json' })
  const change = () => engine.json({ method: 'POST', path: '/containers/x/stop', timeoutMs: 60_000 })
  const sentAll = [calls(8, read), calls(24, change)]
  await waitFor(() => proxy.requests.length >= before + 32, { timeoutMs: 10_000, what: 'calls to come' })
  // No more than those are let go at once: these wait for them.
  const answers = Promise.all([...sentAll, calls(12, read), calls(16, change)]).then((all) => all.flat())
  await proxy.refuse()
  proxy.cut()
  for (const answer of await answers)
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'engine.unreachable' } })
  await proxy.listen()
  proxy.plan(() => undefined)
  await expect(engine.json({ path: '/containers/json' })).resolves.toBeInstanceOf(Array)
  // What has failed is not sent when the engine is back.
  const sent = proxy.requests.slice(before).filter(({ path }) => path.includes('/stop'))
  expect(sent).toHaveLength(24)
})

test('a connection that never comes is waited for no longer than a call may last', async () => {
  const dial = dialUnix(socketPath)
  let isDead = false
  const half = await connectEngine({
    id: 'test' as EngineId,
    dial: (...args) => (isDead ? new Promise<never>(() => undefined) : dial(...args)),
    address: 'ssh://far',
    signal: new AbortController().signal,
  })
  isDead = true
  half.dropIdle()
  await expect(half.json({ path: '/info', timeoutMs: 200 })).rejects.toMatchObject({
    code: 'engine.not-responding',
  })
  const ending = new AbortController()
  const read = half.stream({ path: '/events', signal: ending.signal })
  ending.abort()
  await expect(read).rejects.toMatchObject({ code: 'cancelled' })
  half.close()
})

test('a hundred streams at once, under one signal or many, are no leak of listeners', async () => {
  const warnings: string[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning.message)
  process.on('warning', onWarning)
  const one = new AbortController()
  const opened = await Promise.all(
    Array.from({ length: 100 }, (_, n) => {
      const signal = n % 2 === 0 ? one.signal : new AbortController().signal
      return engine.stream({ path: '/events', query: { since: 0 }, signal })
    }),
  )
  // Warnings are told in a later turn.
  await new Promise((resolve) => setImmediate(resolve))
  for (const stream of opened) stream.on('error', () => undefined).destroy()
  process.off('warning', onWarning)
  expect(warnings).toEqual([])
})
