import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { FileEntry } from '../../../shared/model'
import type { AgentClient, AgentStream } from '../agent/agent-client'
import type { EngineClient } from '../engine/engine'
import { agentRoad } from './agent-road'
import type { At } from './road'

// The same messages are read by the agent's own tests in native/agent/files.
interface Golden {
  readonly place: Message
  readonly volume: Message
  readonly asked: readonly { readonly method: string; readonly more: Message }[]
  readonly entries: readonly { readonly wire: unknown; readonly entry: FileEntry }[]
  readonly listHead: Message
  readonly version: string
  readonly found: Message
  readonly plan: Message
  readonly uploaded: Message
}
type Message = Readonly<Record<string, unknown>>

const golden = JSON.parse(
  readFileSync(new URL('../../../../testing/fixtures/agent-wire/files.json', import.meta.url), 'utf8'),
) as Golden
const { place, volume, version } = golden
const [note] = golden.entries
const stat = { path: '/srv/note.txt', entry: note?.wire, version }

/** Answers with golden messages, and notes what it was asked. */
function agentOf(items: readonly unknown[] = []) {
  const asked: { method: string; args: object }[] = []
  const stream: AgentStream = {
    // oxlint-disable-next-line typescript/require-await
    async *[Symbol.asyncIterator](): AsyncGenerator<unknown, undefined> {
      yield* items
      return undefined
    },
    send: () => Promise.resolve(),
    end: () => undefined,
    cancel: () => undefined,
  }
  const agent = {
    call: (method: string, args: object) => {
      asked.push({ method, args })
      return Promise.resolve(items[0])
    },
    stream: (method: string, args: object) => {
      asked.push({ method, args })
      return stream
    },
  }
  return { asked, road: agentRoad(agent as Partial<AgentClient> as AgentClient) }
}

const engine = { facts: { rootDir: place['root'] } } as EngineClient
const shared = { engine, isReadOnly: false, isAgents: true }
const signal = new AbortController().signal
const inContainer: At = {
  root: {
    ...shared,
    kind: 'container',
    id: String(place['container']),
    pid: Number(place['pid']),
    // A tmpfs hides no layer of the container from the agent: it is told of in another way.
    mounts: [
      { kind: 'volume', path: '/srv/goods' },
      { kind: 'tmpfs', path: '/run' },
    ],
  },
  path: String(place['path']),
  signal,
}
const inVolume: At = {
  root: { ...shared, kind: 'volume', id: String(volume['volume']), pid: 0, mounts: [] },
  path: String(volume['path']),
  signal,
}

// oxlint-disable-next-line typescript/require-await
async function* ended(): AsyncGenerator<{ kind: 'end' }> {
  yield { kind: 'end' }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = []
  for await (const item of items) seen.push(item)
  return seen
}

/** Everything that a road can be asked, in the order of the golden messages. */
async function askAll(at: At) {
  const { asked, road } = agentOf([{ ...golden.listHead, removed: 1, ...stat, found: [] }])
  await road.list(at, 500)
  await road.stat(at)
  await all(road.read(at, { offset: 5, length: 1024 }))
  await all(road.find(at, { name: 'conf', limit: 7 }))
  await road.removalPlan(at)
  await road.makeFolder(at)
  await road.rename(at, '/srv/\\x5cb\\xff')
  await road.remove(at)
  await road.chmod(at, 2541)
  await road.write(at, { version, input: ended() })
  await road.upload(at, { conflict: 'keep-both', input: ended(), onBytes: () => undefined })
  return asked
}

test.each([
  { what: 'a container', at: inContainer, where: place },
  { what: 'a volume', at: inVolume, where: volume },
])('of $what all is asked as the agent understands it', async ({ at, where }) => {
  expect(await askAll(at)).toEqual(
    golden.asked.map(({ method, more }) => ({ method, args: { ...where, ...more } })),
  )
})

test('a list, its entries and why it was cut are read', async () => {
  const items = [golden.listHead, golden.entries.map(({ wire }) => wire), { cut: 'time' }]
  expect(await agentOf(items).road.list(inContainer, 500)).toEqual({
    road: 'agent',
    path: '/srv/a b',
    entries: golden.entries.map(({ entry }) => entry),
    removed: [],
    total: 900,
    cut: 'time',
    isReadOnly: true,
  })
})

test('what a file is comes before its bytes', async () => {
  const bytes = Buffer.from('hello')
  expect(await agentOf([stat]).road.stat(inContainer)).toEqual({
    ...{ road: 'agent', path: '/srv/note.txt', entry: note?.entry, version },
  })
  expect(await all(agentOf([stat, bytes]).road.read(inContainer, { offset: 0 }))).toEqual([
    { kind: 'head', road: 'agent', entry: note?.entry, version },
    bytes,
  ])
})

test('finds, plans and uploads are read', async () => {
  expect(await all(agentOf([golden.found]).road.find(inContainer, { name: 'conf', limit: 7 }))).toEqual([
    {
      road: 'agent',
      found: [{ path: '/etc/a.conf', kind: 'file', sizeBytes: 7 }],
      looked: 1200,
      isDone: true,
      cut: 'count',
    },
  ])
  expect(await agentOf([golden.plan]).road.removalPlan(inContainer)).toEqual({
    road: 'agent',
    ...golden.plan,
  })
  const upload = { conflict: 'fail', input: ended(), onBytes: () => undefined } as const
  expect(await agentOf([golden.uploaded]).road.upload(inContainer, upload)).toEqual({
    ...{ kind: 'done', road: 'agent' },
    ...golden.uploaded,
  })
})
