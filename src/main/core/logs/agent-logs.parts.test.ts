import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { busyboxImage } from '../../../../testing/engine/images'
import type { EngineId, LogItem, LogSearchItem } from '../../../shared/model'
import { connectAgent, type AgentClient } from '../agent/agent-client'
import { childRoad } from '../agent/road'
import { dialUnix } from '../engine/dial'
import { connectEngine, type ConnectedEngine } from '../engine/engine-client'
import { waitFor } from '../platform/wait-for'
import { LogFollower, type LogRequest } from './log-follower'
import { logHandlers } from './log-handlers'
import type { LogHost } from './log-source'
import { readLogText } from './log-text'

const { signal } = new AbortController()
let engine: ConnectedEngine
beforeAll(async () => {
  const path = inject('engineSocket')
  engine = await connectEngine({
    ...{ id: 'local' as EngineId, dial: dialUnix(path), address: `unix://${path}`, signal },
  })
})
afterAll(() => engine.close())

/** An agent of the test's own: some are killed. */
async function agentOfTest(): Promise<AgentClient> {
  const agent = await connectAgent(await childRoad(agentBinary()).open(signal))
  onTestFinished(() => agent.close())
  return agent
}

/** Counts what went through the agent, so that no test passes by the fallback alone. */
function hostOf(agent: AgentClient): LogHost & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    engine,
    asked,
    agentFor: (_, method) => {
      asked.push(method)
      return agent
    },
  }
}

async function started(script: string, more: object = {}): Promise<string> {
  const { HostConfig, ...rest } = more as { HostConfig?: object }
  const body = {
    ...{ Image: busyboxImage, Cmd: ['sh', '-c', script], ...rest },
    HostConfig: { NetworkMode: 'none', ...HostConfig },
  }
  const { Id } = await engine.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
  onTestFinished(async () => {
    await engine.json({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true } })
  })
  await engine.json({ method: 'POST', path: `/containers/${Id}/start`, timeoutMs: 60_000 })
  return Id
}

const wait = (id: string): Promise<unknown> =>
  engine.json({ method: 'POST', path: `/containers/${id}/wait`, timeoutMs: 60_000 })

/** A script that stays after its work, and does its last thing when it is asked to end. */
const onTerm = (last: string, work: string): string =>
  `trap '${last}' TERM; ${work}; while :; do sleep 0.1; done`
const term = (id: string): Promise<unknown> =>
  engine.json({ method: 'POST', path: `/containers/${id}/kill`, query: { signal: 'TERM' } })

const follow = (host: LogHost, id: string, more: Partial<LogRequest> = {}): AsyncGenerator<LogItem> =>
  new LogFollower(() => host, { id, follow: true, timestamps: true, ...more }, signal).items()

interface Said {
  readonly lines: string[]
  readonly times: string[]
  readonly kinds: string[]
}

async function collect(items: AsyncIterable<LogItem>, onItem?: (said: Said) => void): Promise<Said> {
  const said: Said = { lines: [], times: [], kinds: [] }
  for await (const item of items) {
    if (item.kind === 'lines') {
      said.lines.push(...item.lines)
      said.times.push(...item.times)
    } else said.kinds.push(item.kind)
    onItem?.(said)
  }
  return said
}

async function sumOf(text: AsyncIterable<Uint8Array>): Promise<string> {
  const sum = createHash('sha256')
  for await (const bytes of text) sum.update(bytes)
  return sum.digest('hex')
}

const wild = `
  for i in 1 2 3 4 5 6; do
    head -c 20000 /dev/urandom; echo "err $i 한글 \\ <&>" >&2; echo "out $i"
    head -c 40000 /dev/zero | tr '\\0' x >&2; echo
  done; printf 'no newline'`

const drivers = ['json-file', 'local'].flatMap((driver) => [true, false].map((Tty) => ({ driver, Tty })))
test.each(drivers)('through the agent the same lines and bytes come: $driver, TTY $Tty', async (each) => {
  const id = await started(wild, { Tty: each.Tty, HostConfig: { LogConfig: { Type: each.driver } } })
  await wait(id)
  const host = hostOf(await agentOfTest())
  for (const timestamps of [true, false])
    expect(await sumOf(readLogText(host, id, { timestamps }))).toBe(
      await sumOf(readLogText({ engine }, id, { timestamps })),
    )
  for (const more of [{}, { tail: 7 }, { follow: false }, { tail: 0 }])
    expect(await collect(follow(host, id, more))).toEqual(await collect(follow({ engine }, id, more)))
  // What is followed is asked for twice: it is begun before it is known to be a TTY's, or of one that just ended.
  expect(host.asked.length).toBe(10)
})

test('since and until mean the same through the agent, and a short id is enough', async () => {
  const id = await started('for i in $(seq 1 300); do echo "line $i"; usleep 1000; done')
  await wait(id)
  const { times } = await collect(follow({ engine }, id))
  const at = (index: number, moreMs = 0): number => (Date.parse(times[index] as string) + moreMs) / 1000
  const host = hostOf(await agentOfTest())
  // Whole milliseconds, and the engine may have read many lines in one: both ends belong to the range.
  const range = { since: at(50), until: at(200, 1), follow: false }
  const said = await collect(follow(host, id.slice(0, 12), range))
  expect(said).toEqual(await collect(follow({ engine }, id, range)))
  expect(said.lines.length).toBeGreaterThan(50)
  expect(host.asked).toEqual(['logs.read'])
})

test('a followed log ends with its container, and tells the exit code', async () => {
  const id = await started(onTerm('exit 3', 'for i in $(seq 1 40); do echo "line $i"; usleep 20000; done'))
  const host = hostOf(await agentOfTest())
  const items: LogItem[] = []
  const lines: string[] = []
  for await (const item of follow(host, id)) {
    items.push(item)
    if (item.kind !== 'lines') continue
    lines.push(...item.lines)
    if (lines.length === 40) await term(id)
  }
  expect(items.at(-1)).toEqual({ kind: 'ended', exitCode: 3 })
  expect(lines).toEqual(Array.from({ length: 40 }, (_, i) => `line ${i + 1}`))
  // The second looks for what was written as it ended.
  expect(host.asked).toEqual(['logs.read', 'logs.read'])
})

test('an agent that dies while it is followed costs no line and doubles none, and nobody sees it', async () => {
  const count = 400
  const id = await started(`for i in $(seq 1 ${count}); do echo "line $i"; usleep 5000; done`)
  const agent = await agentOfTest()
  let isKilled = false
  const said = await collect(follow(hostOf(agent), id), ({ lines }) => {
    if (isKilled || lines.length < 30) return
    isKilled = true
    agent.close()
  })
  expect(isKilled).toBe(true)
  expect(said.lines).toEqual(Array.from({ length: count }, (_, i) => `line ${i + 1}`))
  expect(said.kinds).toEqual(['ended'])
})

test('an agent that dies before the first line leaves the tail that was asked for', async () => {
  const id = await started(onTerm('echo last; exit', 'for i in $(seq 1 50); do echo "line $i"; done'))
  await waitFor(async () => (await collect(follow({ engine }, id, { follow: false }))).lines.length === 50, {
    ...{ timeoutMs: 30_000, what: 'fifty lines' },
  })
  const agent = await agentOfTest()
  agent.close()
  let isAsked = false
  const said = await collect(follow(hostOf(agent), id, { tail: 2 }), ({ lines }) => {
    if (isAsked || lines.length < 2) return
    isAsked = true
    void term(id)
  })
  expect(said).toMatchObject({ lines: ['line 49', 'line 50', 'last'], kinds: ['ended'] })
})

test('a log without a file, and a container that never ran, are the engine’s to tell', async () => {
  const host = hostOf(await agentOfTest())
  const none = await started('echo unseen', { HostConfig: { LogConfig: { Type: 'none' } } })
  await wait(none)
  await expect(collect(follow(host, none))).rejects.toMatchObject({ name: 'AppError' })
  const body = { Image: busyboxImage, Cmd: ['true'] }
  const { Id } = await engine.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
  expect(await collect(follow(host, Id))).toEqual(await collect(follow({ engine }, Id)))
  await engine.json({ method: 'DELETE', path: `/containers/${Id}` })
})

test('a reader that goes leaves no stream of the agent open', async () => {
  const id = await started('echo one; sleep 1000')
  const agent = await agentOfTest()
  const stop = new AbortController()
  const request = { id, follow: true, timestamps: true }
  const items = new LogFollower(() => hostOf(agent), request, stop.signal).items()
  await items.next()
  const rest = items.next()
  stop.abort(new Error('gone'))
  await expect(rest).rejects.toBeInstanceOf(Error)
  await expect(agent.call('agent.facts', {})).resolves.toBeTruthy()
})

test('many logs that are followed leave the engine free for other calls', async () => {
  const host = hostOf(await agentOfTest())
  const id = await started(onTerm('exit 0', 'echo begun'))
  const followed = Array.from({ length: 30 }, () => follow(host, id))
  // Each has its first line, and waits for the container's end beside it.
  await Promise.all(followed.map((items) => items.next()))
  await expect(
    engine.json({ method: 'POST', path: '/containers/nowhere/stop', timeoutMs: 10_000 }),
  ).rejects.toMatchObject({ code: 'object.not-found' })
  await term(id)
  await Promise.all(followed.map((items) => collect(items)))
})

test('a text that the agent breaks off goes on by the engine', async () => {
  const id = await started('seq 1 200000')
  await wait(id)
  const agent = await agentOfTest()
  const sum = createHash('sha256')
  let bytes = 0
  for await (const chunk of readLogText(hostOf(agent), id, { timestamps: false })) {
    sum.update(chunk)
    bytes += chunk.length
    if (bytes > 200_000) agent.close()
  }
  expect(sum.digest('hex')).toBe(await sumOf(readLogText({ engine }, id, { timestamps: false })))
})

async function* nothing(): AsyncGenerator<never> {}

async function search(host: LogHost, id: string, asked: object): Promise<LogSearchItem> {
  const args = {
    ...{ engine: engine.id, id, pattern: '', isRegex: false, matchCase: false, limit: 1000 },
    source: 'all' as const,
  }
  const all: LogSearchItem['matches'][number][] = []
  const handlers = logHandlers({ engineOf: () => engine, ...(host.agentFor && { agentFor: host.agentFor }) })
  const found = handlers['containers.searchLogs']({ ...args, ...asked }, { signal, input: nothing() })
  for await (const item of found) {
    all.push(...item.matches)
    if (item.isDone) return { ...item, matches: all }
  }
  throw new Error('The search did not end')
}

test('a whole log is searched; places are those of JavaScript’s strings, times those of the log', async () => {
  const id = await started('for i in $(seq 1 3000); do echo "한글 😀 request $i"; done; echo Request >&2')
  await wait(id)
  const host = hostOf(await agentOfTest())
  // The engine may say that a container ended a moment before its last lines are in the file.
  const found = await waitFor(
    async () => {
      const now = await search(host, id, { pattern: 'request 29' })
      return now.lines === 3001 ? now : undefined
    },
    { timeoutMs: 20_000, what: 'the whole log' },
  )
  expect(found).toMatchObject({ lines: 3001, matchingLines: 111, hits: 111, isDone: true })
  const { text, start, end, time, line, source } = found.matches[0] as LogSearchItem['matches'][number]
  expect([text.slice(start, end), source]).toEqual(['request 29', 'stdout'])
  // The engine reads the two outputs side by side: the one line of stderr may come before any of stdout.
  const { lines, times } = await collect(follow({ engine }, id, { follow: false }))
  expect([line, time]).toEqual([lines.indexOf('한글 😀 request 29'), times[line]])
  expect((await search(host, id, { pattern: '^Req', isRegex: true, matchCase: true })).matches).toMatchObject(
    [{ text: 'Request', source: 'stderr' }],
  )
  await expect(search(host, id, { pattern: '(', isRegex: true })).rejects.toMatchObject({
    code: 'input.invalid',
  })
  await expect(search({ engine }, id, { pattern: 'x' })).rejects.toMatchObject({ code: 'engine.unsupported' })
})
