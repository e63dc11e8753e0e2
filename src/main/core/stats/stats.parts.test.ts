import { readFileSync } from 'node:fs'
import { expect, inject, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { busyboxImage } from '../../../../testing/engine/images'
import { plainEngine } from '../../../../testing/plain-engine/plain-engine'
import type { EngineId, StatSample } from '../../../shared/model'
import { connectAgent, type AgentClient } from '../agent/agent-client'
import { childRoad } from '../agent/road'
import type { EngineClient } from '../engine/engine'
import { waitFor } from '../platform/wait-for'
import { statsHandlers } from './stats-watch'

const engineId = 'local' as EngineId

async function start(engine: EngineClient, script: string, host: object = {}): Promise<string> {
  const HostConfig = { NetworkMode: 'none', ...host }
  const body = { Image: busyboxImage, Cmd: ['sh', '-c', script], HostConfig }
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

/** Of a container's first process, in percent of a core since the last call: what the kernel gave it. */
async function kernelCpu(engine: EngineClient, id: string): Promise<() => number> {
  const { State } = await engine.json<{ State: { Pid: number } }>({ path: `/containers/${id}/json` })
  // proc(5): the 14th and 15th field, in hundredths of a second; the program's name holds no space here.
  const usedMs = (): number => {
    const fields = readFileSync(`/proc/${State.Pid}/stat`, 'utf8').split(' ')
    return (Number(fields[13]) + Number(fields[14])) * 10
  }
  let last = { usedMs: usedMs(), atMs: performance.now() }
  return () => {
    const before = last
    last = { usedMs: usedMs(), atMs: performance.now() }
    return ((last.usedMs - before.usedMs) / (last.atMs - before.atMs)) * 100
  }
}

test('a busy container shows what the kernel gives it, and an idle one shows none', async () => {
  const engine = plainEngine(inject('engineSocket'))
  const busy = await start(engine, 'while :; do :; done')
  const idle = await start(engine, 'exec sleep 1000')
  const { watch } = bench()
  const given = await kernelCpu(engine, busy)
  let calm: StatSample | undefined
  let isRight = false
  for await (const batch of watch(refsOf(busy, idle))) {
    calm = batch.find(({ id }) => id === idle) ?? calm
    const shown = batch.find(({ id }) => id === busy)?.cpuPercent
    if (shown !== undefined) {
      // On a crowded host it is far from a whole core, and a late reading is of another second.
      const right = given()
      isRight ||= right > 5 && Math.abs(shown - right) < right * 0.25
    }
    if (isRight && calm) break
  }
  if (!calm) throw new Error('the idle one was never read')
  expect(calm.cpuPercent).toBeLessThan(5)
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

/** Agents that come and go by hand. */
function switchboard() {
  const listeners = new Set<(engine: EngineId) => void>()
  let agent: AgentClient | undefined
  return {
    agentFor: () => agent,
    onChanged: (listener: (engine: EngineId) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set: (next: AgentClient | undefined) => {
      agent = next
      for (const listener of listeners) listener(engineId)
    },
  }
}

async function agentOfThisHost(): Promise<AgentClient> {
  const agent = await connectAgent(await childRoad(agentBinary()).open(new AbortController().signal))
  onTestFinished(() => agent.close())
  return agent
}

test('an agent that comes takes the stats over from the engine, and the engine takes them back', async () => {
  const plain = plainEngine(inject('engineSocket'))
  const id = await start(plain, 'while :; do :; done')
  const agents = switchboard()
  let open = 0
  const engine: EngineClient = {
    ...plain,
    facts: { ...plain.facts, memoryBytes: 12_345 },
    stream: async (asked) => {
      const stream = await plain.stream(asked)
      open++
      stream.once('close', () => open--)
      return stream
    },
  }
  const handlers = statsHandlers({ engineOf: () => engine, agents })
  const ended = new AbortController()
  onTestFinished(() => ended.abort())
  const { signal } = ended
  const samples = handlers['stats.watch'](refsOf(id), { signal, input: silence(signal) })
  const reader = samples[Symbol.asyncIterator]()
  const next = async (is: (sample: StatSample) => boolean): Promise<StatSample> => {
    for (;;) {
      const step = await reader.next()
      if (step.done) throw new Error('No more samples')
      const found = step.value.find(is)
      if (found) return found
    }
  }
  await next((sample) => sample.cpuPercent > 0)
  expect(open).toBe(1)
  const agent = await agentOfThisHost()
  agents.set(agent)
  // Only the agent leaves it to core to name the host's memory as the limit.
  const byAgent = await next((sample) => sample.memoryLimitBytes === 12_345)
  expect(byAgent.cpuPercent).toBeGreaterThan(0)
  expect(byAgent.pids).toBeGreaterThan(0)
  expect(open).toBe(0)
  agents.set(undefined)
  agent.close()
  await next((sample) => sample.memoryLimitBytes !== 12_345 && sample.cpuPercent > 0)
  expect(open).toBe(1)
})

test('a hundred watched containers are one stream of the agent, and none watched is none', async () => {
  const plain = plainEngine(inject('engineSocket'))
  const agents = switchboard()
  const agent = await agentOfThisHost()
  const opened: string[] = []
  let cancelled = 0
  agents.set({
    ...agent,
    stream: (method, args) => {
      opened.push(method)
      const stream = agent.stream(method, args)
      return {
        [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
        send: (input) => stream.send(input),
        end: () => stream.end(),
        cancel: () => {
          cancelled++
          stream.cancel()
        },
      }
    },
  })
  const ids = await Promise.all([start(plain, 'sleep 1000'), start(plain, 'sleep 1000')])
  const handlers = statsHandlers({ engineOf: () => plain, agents })
  const ended = new AbortController()
  const { signal } = ended
  const many = refsOf(...ids, ...Array.from({ length: 98 }, (_, i) => i.toString(16).padStart(64, '0')))
  const seen = new Set<string>()
  for await (const batch of handlers['stats.watch'](many, { signal, input: silence(signal) })) {
    for (const sample of batch) seen.add(sample.id)
    if (seen.size === 2) break
  }
  ended.abort()
  expect([...seen].sort()).toEqual([...ids].sort())
  expect(opened).toEqual(['stats.watch'])
  await waitFor(() => cancelled === 1, { timeoutMs: 10_000, what: 'the stream to be cancelled' })
  expect(handlers.watchedCount()).toBe(0)
})

test('a process that the kernel killed for memory is counted by the agent, and by the engine nothing is said of it', async () => {
  const plain = plainEngine(inject('engineSocket'))
  // The first process lives on: only what it starts runs out of memory.
  const id = await start(plain, 'sleep 2; tail /dev/zero; exec sleep 1000', { Memory: 16 * 1024 * 1024 })
  const agents = switchboard()
  const handlers = statsHandlers({ engineOf: () => plain, agents })
  const ended = new AbortController()
  onTestFinished(() => ended.abort())
  const { signal } = ended
  const reader = handlers['stats.watch'](refsOf(id), { signal, input: silence(signal) })[
    Symbol.asyncIterator
  ]()
  const byEngine = ((await reader.next()).value as StatSample[])[0]
  expect(Object.keys(byEngine ?? {})).not.toContain('oomKills')
  expect(Object.keys(byEngine ?? {})).not.toContain('pressure')
  agents.set(await agentOfThisHost())
  const killed = async (): Promise<number> =>
    ((await reader.next()).value as StatSample[]).at(-1)?.oomKills ?? 0
  await expect.poll(killed, { timeout: 50_000 }).toBe(1)
})
