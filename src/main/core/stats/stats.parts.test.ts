import { expect, inject, onTestFinished, test } from 'vitest'
import { busyboxImage } from '../../../../testing/engine/images'
import { plainEngine } from '../../../../testing/plain-engine/plain-engine'
import type { EngineId, StatSample } from '../../../shared/model'
import type { EngineClient } from '../engine/engine'
import { statsHandlers } from './stats-watch'

const engineId = 'local' as EngineId

async function start(engine: EngineClient, script: string): Promise<string> {
  const body = { Image: busyboxImage, Cmd: ['sh', '-c', script], HostConfig: { NetworkMode: 'none' } }
  const { Id: id } = await engine.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
  onTestFinished(() =>
    engine.json({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } }).then(
      () => undefined,
      () => undefined,
    ),
  )
  await engine.json({ method: 'POST', path: `/containers/${id}/start` })
  return id
}

interface Refs {
  refs: { engine: EngineId; id: string }[]
}
type Input = AsyncIterable<Refs>
const refsOf = (...ids: string[]): Refs => ({ refs: ids.map((id) => ({ engine: engineId, id })) })
async function* silence(signal: AbortSignal): AsyncGenerator<never> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

interface Bench {
  watch: (refs: Refs, input?: (signal: AbortSignal) => Input) => AsyncIterable<StatSample[]>
  watched: () => number
  /** Engine streams open now, and the most there were. */
  streams: { open: number; most: number; opened: number }
}

/** The handlers over an engine whose stats streams are counted. */
function bench(maxStreams?: number): Bench {
  const plain = plainEngine(inject('engineSocket'))
  const streams = { open: 0, most: 0, opened: 0 }
  const engine: EngineClient = {
    ...plain,
    stream: async (asked) => {
      const stream = await plain.stream(asked)
      streams.opened++
      streams.most = Math.max(streams.most, ++streams.open)
      stream.once('close', () => streams.open--)
      return stream
    },
  }
  const handlers = statsHandlers({ engineOf: () => engine, ...(maxStreams && { maxStreams }) })
  const ended = new AbortController()
  const { signal } = ended
  onTestFinished(() => ended.abort())
  return {
    watch: (refs, input = silence) => handlers['stats.watch'](refs, { signal, input: input(signal) }),
    watched: handlers.watchedCount,
    streams,
  }
}

test('a busy container shows its core and an idle one shows none', async () => {
  const engine = plainEngine(inject('engineSocket'))
  const busy = await start(engine, 'while :; do :; done')
  const idle = await start(engine, 'exec sleep 1000')
  const { watch } = bench()
  const best = new Map<string, StatSample>()
  const most = (id: string): number => best.get(id)?.cpuPercent ?? -1
  for await (const batch of watch(refsOf(busy, idle))) {
    for (const sample of batch) if (sample.cpuPercent > most(sample.id)) best.set(sample.id, sample)
    if (most(busy) > 50 && most(idle) >= 0) break
  }
  expect(most(idle)).toBeLessThan(20)
  expect(most(busy)).toBeLessThan(250)
  const calm = best.get(idle) as StatSample
  expect(calm.pids).toBe(1)
  expect(calm.memoryBytes).toBeGreaterThan(0)
  expect(calm.memoryLimitBytes).toBeGreaterThan(1e8)
})

test('two watchers share one stream, and the last to leave closes it', async () => {
  const id = await start(plainEngine(inject('engineSocket')), 'exec sleep 1000')
  const { watch, streams, watched } = bench()
  const first = watch(refsOf(id))[Symbol.asyncIterator]()
  const second = watch(refsOf(id))[Symbol.asyncIterator]()
  await Promise.all([first.next(), second.next()])
  expect(streams).toMatchObject({ open: 1, opened: 1 })
  await first.return?.()
  expect((await second.next()).value).toHaveLength(1)
  expect(watched()).toBe(1)
  await second.return?.()
  expect(watched()).toBe(0)
  await expect.poll(() => streams.open, { timeout: 10_000 }).toBe(0)
})

test('the watched set follows the input', async () => {
  const engine = plainEngine(inject('engineSocket'))
  const [a, b] = [await start(engine, 'exec sleep 1000'), await start(engine, 'exec sleep 1000')]
  const { watch, streams, watched } = bench()
  let change: (refs: Refs) => void = () => undefined
  const changes: Promise<Refs>[] = [1, 2].map(() => Promise.resolve(refsOf()))
  changes[0] = new Promise((resolve) => (change = resolve))
  let empty: (refs: Refs) => void = () => undefined
  changes[1] = new Promise((resolve) => (empty = resolve))
  const items = watch(refsOf(a), async function* () {
    for (const next of changes) yield await next
  })[Symbol.asyncIterator]()
  expect(((await items.next()).value as StatSample[]).map((s) => s.id)).toEqual([a])
  change(refsOf(b))
  expect(((await items.next()).value as StatSample[]).map((s) => s.id)).toEqual([b])
  empty(refsOf())
  await expect.poll(watched, { timeout: 10_000 }).toBe(0)
  await expect.poll(() => streams.open, { timeout: 10_000 }).toBe(0)
})

test('a stopped container gives nothing and a restart is seen by itself', async () => {
  const engine = plainEngine(inject('engineSocket'))
  const id = await start(engine, 'exec sleep 1000')
  await engine.json({ method: 'POST', path: `/containers/${id}/kill` })
  await engine.json({ method: 'POST', path: `/containers/${id}/wait` })
  const { watch, streams } = bench()
  const items = watch(refsOf(id))[Symbol.asyncIterator]()
  const first = items.next()
  await expect.poll(() => streams.opened > 0 && streams.open === 0, { timeout: 20_000 }).toBe(true)
  let isGiven = false
  void first.then(() => (isGiven = true))
  await new Promise((resolve) => setImmediate(resolve))
  expect(isGiven).toBe(false)
  await engine.json({ method: 'POST', path: `/containers/${id}/start` })
  expect((await first).value).toHaveLength(1)
})

test('more containers than slots are all served, in turns', async () => {
  const engine = plainEngine(inject('engineSocket'))
  const ids = [await start(engine, 'exec sleep 1000'), await start(engine, 'exec sleep 1000')]
  const { watch, streams } = bench(1)
  const seen = new Set<string>()
  for await (const batch of watch(refsOf(...ids))) {
    for (const sample of batch) seen.add(sample.id)
    if (seen.size === 2) break
  }
  expect(streams.most).toBe(1)
})
