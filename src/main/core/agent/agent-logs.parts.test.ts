import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { busyboxImage } from '../../../../testing/engine/images'
import type { EngineId } from '../../../shared/model'
import { dialUnix } from '../engine/dial'
import { connectEngine, type ConnectedEngine } from '../engine/engine-client'
import { waitFor } from '../platform/wait-for'
import { connectAgent, type AgentClient } from './agent-client'
import { childRoad } from './road'

// What the agent reads from the driver's files must be what the engine answers, byte for byte.
let engine: ConnectedEngine
let agent: AgentClient
let root: string
/** Engines before 23.0 lose it: see the agent's logs. */
let dropsNewline: boolean
beforeAll(async () => {
  const path = inject('engineSocket')
  const { signal } = new AbortController()
  engine = await connectEngine({
    id: 'local' as EngineId,
    dial: dialUnix(path),
    address: `unix://${path}`,
    signal,
  })
  agent = await connectAgent(await childRoad(agentBinary()).open(signal))
  root = engine.facts.rootDir
  dropsNewline = parseInt(engine.facts.version) < 23
})
afterAll(() => {
  agent.close()
  engine.close()
})

interface Spec {
  readonly script: string
  readonly isTty?: boolean
  readonly driver?: string
  readonly options?: Record<string, string>
}

async function ran({ script, isTty = false, driver = 'json-file', options = {} }: Spec): Promise<string> {
  const id = await started({ script, isTty, driver, options })
  await engine.json({ method: 'POST', path: `/containers/${id}/wait`, timeoutMs: 60_000 })
  // The engine may say that it ended a moment before its last lines are in the file.
  let before = -1
  await waitFor(
    async () => {
      const last = before
      before = (await byEngine(id, {})).length
      return before === last
    },
    { timeoutMs: 20_000, everyMs: 300, what: 'the whole log' },
  )
  return id
}

async function started({ script, isTty = false, driver = 'json-file', options = {} }: Spec): Promise<string> {
  const { Id } = await engine.json<{ Id: string }>({
    method: 'POST',
    path: '/containers/create',
    body: {
      ...{ Image: busyboxImage, Cmd: ['sh', '-c', script], Tty: isTty },
      HostConfig: { NetworkMode: 'none', LogConfig: { Type: driver, Config: options } },
    },
  })
  onTestFinished(async () => {
    await engine
      .json({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true } })
      .catch(() => undefined)
  })
  await engine.json({ method: 'POST', path: `/containers/${Id}/start` })
  return Id
}

interface Asked {
  readonly tail?: number
  readonly timestamps?: boolean
  readonly stdout?: boolean
  readonly stderr?: boolean
  readonly sinceNs?: string
  readonly untilNs?: string
}

async function whole(body: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const seconds = (ns: string): string => `${ns.slice(0, -9)}.${ns.slice(-9)}`

async function byEngine(id: string, asked: Asked): Promise<Buffer> {
  const { tail, timestamps = false, stdout = true, stderr = true, sinceNs, untilNs } = asked
  const body: Readable = await engine.stream({
    path: `/containers/${id}/logs`,
    query: {
      ...{ stdout, stderr, timestamps, tail: tail ?? 'all' },
      ...(sinceNs && { since: seconds(sinceNs) }),
      ...(untilNs && { until: seconds(untilNs) }),
    },
  })
  return whole(body)
}

const byAgent = (id: string, asked: Asked, more: object = {}): Promise<Buffer> =>
  whole(
    agent.stream('logs.read', { root, container: id, driver: 'json-file', dropsNewline, ...asked, ...more }),
  )

const sum = (bytes: Buffer): string => `${bytes.length} ${createHash('md5').update(bytes).digest('hex')}`

async function expectSame(id: string, asked: Asked, more: object = {}): Promise<Buffer> {
  const [engines, agents] = [await byEngine(id, asked), await byAgent(id, asked, more)]
  expect(sum(agents), JSON.stringify(asked)).toBe(sum(engines))
  return engines
}

// Random bytes of both streams, escapes, lines of 40 KB, and an end without newline.
const wild = `
  for i in 1 2 3 4 5 6 7 8; do
    head -c 20000 /dev/urandom
    echo "out $i" ; echo "err $i <&> \\"quoted\\" \\\\ 한글" >&2
    head -c 40000 /dev/zero | tr '\\0' 'x' >&2; echo
    printf '\\033[31mred\\033[0m\\r\\n\\t\\001\\177\\342\\200\\250'
  done
  printf 'no newline'`

test.each(['json-file', 'local'])('random content of the %s driver is byte-identical', async (driver) => {
  const id = await ran({ script: wild, driver })
  const all = await expectSame(id, {}, { driver })
  expect(all.length).toBeGreaterThan(400_000)
  for (const asked of [
    { timestamps: true },
    { stderr: false },
    { stdout: false, timestamps: true },
    ...[0, 1, 2, 17, 100, 100_000].map((tail) => ({ tail, timestamps: true })),
  ])
    await expectSame(id, asked, { driver })
})

test('the output of a TTY has no heads', async () => {
  const id = await ran({ script: wild, isTty: true })
  await expectSame(id, {}, { isTty: true })
  await expectSame(id, { tail: 3, timestamps: true }, { isTty: true })
})

test('times cut where the engine cuts', async () => {
  const id = await ran({ script: 'for i in 1 2 3 4 5 6; do echo $i; usleep 20000; done' })
  const lines = (await byEngine(id, { timestamps: true })).toString().match(/\d{4}-[^ ]+Z/g) ?? []
  expect(lines).toHaveLength(6)
  const ns = lines.map((at) => `${Date.parse(`${at.slice(0, 19)}Z`) / 1000}${at.slice(20, 29)}`)
  const [, second = '', third = '', , fifth = ''] = ns
  expect((await expectSame(id, { sinceNs: third })).length).toBe(4 * 10)
  expect((await expectSame(id, { untilNs: third })).length).toBe(3 * 10)
  expect((await expectSame(id, { sinceNs: second, untilNs: fifth })).length).toBe(4 * 10)
  await expectSame(id, { sinceNs: second, tail: 3 })
})

test.each(['json-file', 'local'])(
  'rotated and compressed files of the %s driver belong to the log',
  async (driver) => {
    const options = { 'max-size': '20k', 'max-file': '5', compress: 'true' }
    const id = await ran({
      script: 'for i in $(seq 1 900); do echo "line $i of a log that turns over"; done',
      driver,
      options,
    })
    // Compressing goes on for a while after the last line, and what was compressed is taken away last.
    const isCompressed = async (): Promise<boolean> => {
      const names = await readdir(join(root, 'containers', id), { recursive: true })
      return !names.some((name) => /\.log\.\d+$/.test(name))
    }
    await waitFor(isCompressed, { timeoutMs: 20_000, what: 'the end of compressing' })
    expect((await expectSame(id, {}, { driver })).length).toBeGreaterThan(10_000)
    for (const tail of [1, 100, 600]) await expectSame(id, { tail }, { driver })
  },
)

test('following goes over rotations and loses nothing', async () => {
  const count = 3000
  // The writer waits for its reader after so many lines: a file is never turned over twice between two looks.
  const atOnce = 150
  const id = await started({
    script: `trap 'go=1' USR1; i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo "line $i"
      if [ $((i % ${atOnce})) = 0 ]; then until [ "$go" ]; do sleep 0.02; done; go=; fi; done`,
    options: { 'max-size': '30k', 'max-file': '3' },
  })
  const stream = agent.stream('logs.read', {
    root,
    container: id,
    driver: 'json-file',
    isTty: true,
    follow: true,
  })
  void engine
    .json({ method: 'POST', path: `/containers/${id}/wait`, timeoutMs: 120_000 })
    .then(() => stream.end())
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    const last = /line (\d+)\n$/.exec(text.slice(-20))?.[1]
    if (Number(last) % atOnce === 0)
      await engine.json({ method: 'POST', path: `/containers/${id}/kill`, query: { signal: 'USR1' } })
  }
  const lines = text.trimEnd().split('\n')
  // What was rotated away before the first look is gone for the engine too; from there on nothing is missing.
  const first = Number(lines[0]?.slice(5))
  expect(lines).toEqual(Array.from({ length: count - first + 1 }, (_, i) => `line ${first + i}`))
})

interface Found {
  matches: { line: number; text: string; start: number; end: number; isStderr: boolean; timeNs: string }[]
  matchingLines: number
  hits: number
  lines: number
  isDone: boolean
}

async function search(id: string, asked: object): Promise<Found> {
  const all: Found['matches'] = []
  for await (const item of agent.stream('logs.search', {
    root,
    container: id,
    driver: 'json-file',
    ...asked,
  })) {
    const found = item as Found
    all.push(...found.matches)
    if (found.isDone) return { ...found, matches: all }
  }
  throw new Error('The search did not end')
}

test('the whole log is searched by text and by expression', async () => {
  const id = await ran({
    script: 'echo "Request failed" >&2; for i in $(seq 1 5000); do echo "request $i <a&b>"; done',
  })
  // The engine reads the two streams side by side: the one line of stderr stands wherever it says.
  const [before = ''] = (await byEngine(id, {})).toString().split('Request failed')
  const failed = before.match(/request \d+/g)?.length ?? 0
  const lineOf = (request: number): number => request - 1 + (failed < request ? 1 : 0)
  const text = await search(id, { pattern: 'request 499' })
  expect(text).toMatchObject({ lines: 5001, matchingLines: 11, hits: 11 })
  expect(text.matches[0]).toMatchObject({
    line: lineOf(499),
    text: 'request 499 <a&b>',
    start: 0,
    end: 11,
    isStderr: false,
  })
  expect((await search(id, { pattern: '7 <a&b>' })).hits).toBe(500)
  const either = await search(id, { pattern: 'REQUEST', ignoreCase: true, limit: 3 })
  expect(either).toMatchObject({ hits: 5001 })
  expect(either.matches).toHaveLength(3)
  expect(
    (await search(id, { pattern: '^request (12|34)\\b', isRegex: true })).matches.map(({ line }) => line),
  ).toEqual([lineOf(12), lineOf(34)])
  expect((await search(id, { pattern: 'request', ignoreCase: true, stdout: false })).matches).toMatchObject([
    { line: failed, text: 'Request failed', isStderr: true },
  ])
  await expect(search(id, { pattern: '(', isRegex: true })).rejects.toMatchObject({ code: 'input.invalid' })
})

test('what is wrong is said in words', async () => {
  const gone = 'a'.repeat(64)
  await expect(byAgent(gone, {})).rejects.toMatchObject({ code: 'object.not-found' })
  await expect(byAgent('../../etc', {})).rejects.toMatchObject({ code: 'input.invalid' })
  await expect(byAgent(gone, {}, { root: 'relative/../x' })).rejects.toMatchObject({ code: 'input.invalid' })
  await expect(byAgent(gone, {}, { driver: 'journald' })).rejects.toMatchObject({
    code: 'engine.unsupported',
  })
})
