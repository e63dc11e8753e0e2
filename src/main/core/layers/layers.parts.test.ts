import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { busyboxImage, postTar } from '../../../../testing/engine/images'
import { startTestEngine, type TestEngine } from '../../../../testing/engine/start-engine'
import { randomLayers, rawImageTar } from '../../../../testing/layers/random-image'
import type { RawEntry } from '../../../../testing/layers/raw-tar'
import type { ContainerChanges, EngineId, LayerEntry, LayerView } from '../../../shared/model'
import { connectAgent, type AgentClient } from '../agent/agent-client'
import { childRoad } from '../agent/road'
import { dialUnix } from '../engine/dial'
import { connectEngine, type ConnectedEngine } from '../engine/engine-client'
import { createLayers, type Layers } from './layer-handlers'

const { signal } = new AbortController()
const context = { signal, input: (async function* () {})() }
let overlay: ConnectedEngine
let vfs: ConnectedEngine
let vfsEngine: TestEngine
let agent: AgentClient

const connect = (path: string, id: string): Promise<ConnectedEngine> =>
  connectEngine({ id: id as EngineId, dial: dialUnix(path), address: `unix://${path}`, signal })

beforeAll(async () => {
  overlay = await connect(inject('engineSocket'), 'overlay')
  vfsEngine = await startTestEngine({ network: 'none', args: ['--storage-driver', 'vfs'] })
  vfs = await connect(vfsEngine.socket, 'vfs')
  agent = await connectAgent(await childRoad(agentBinary()).open(signal))
}, 180_000)
afterAll(async () => {
  agent.close()
  overlay.close()
  vfs.close()
  await vfsEngine.stop()
}, 120_000)

/** The same questions by the agent, by `save` of the same engine, and on an engine that has no overlay2. */
function roads(): Record<'agent' | 'save' | 'vfs', { layers: Layers; engine: EngineId }> {
  const of = (engine: ConnectedEngine, hasAgent: boolean) => ({
    engine: engine.id,
    layers: createLayers({ engineOf: () => engine, agentFor: () => (hasAgent ? agent : undefined) }),
  })
  return { agent: of(overlay, true), save: of(overlay, false), vfs: of(vfs, true) }
}

async function load(reference: string, layers: Parameters<typeof rawImageTar>[0]['layers']): Promise<void> {
  const bytes = rawImageTar({ reference, layers })
  for (const socket of [inject('engineSocket'), vfsEngine.socket]) {
    const said = await postTar(socket, '/images/load?quiet=1', bytes)
    if (said.includes('"error"')) throw new Error(said)
  }
}

interface Asked {
  readonly layers: Layers
  readonly engine: EngineId
  readonly id: string
}

async function summaryOf({ layers, ...ref }: Asked) {
  for await (const item of layers.handlers['layers.read'](ref, context))
    if (item.kind === 'ready') return item.summary
  throw new Error('The stream ended')
}

/** All entries of a view, folder by folder. */
async function treeOf(asked: Asked, view: LayerView, layer: number): Promise<LayerEntry[]> {
  const { layers, engine, id } = asked
  const all: LayerEntry[] = []
  const look = async (path: string): Promise<void> => {
    const { entries } = await layers.handlers['layers.children'](
      { engine, id, layer, view, path, sort: 'name', changes: [], text: '', offset: 0, limit: 5000 },
      signal,
    )
    for (const entry of entries) {
      all.push(entry)
      if (entry.childCount > 0) await look(entry.path)
    }
  }
  await look('/')
  return all
}

async function bytesOf(asked: Asked, entry: LayerEntry, more: { offset?: number; length?: number } = {}) {
  const { layers, engine, id } = asked
  const parts: Uint8Array[] = []
  const place = { engine, id, layer: entry.layer, view: 'layer' as const, path: entry.path }
  for await (const item of layers.handlers['layers.file']({ ...place, offset: 0, ...more }, context))
    if (item instanceof Uint8Array) parts.push(Buffer.from(item))
  return Buffer.concat(parts)
}

test.each([1, 2, 3, 4])(
  'random image %i is the same by agent, by save, and on vfs',
  async (seed) => {
    const id = `slipway-test/random:${seed}`
    await load(id, randomLayers(seed, 6, 40))
    const { agent: first, ...others } = roads()
    const one = { ...first, id }
    const summary = await summaryOf(one)
    expect(summary).toMatchObject({ road: 'agent', refused: 0 })
    expect(summary.layers.map(({ command }) => command)).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => `COPY layer-${n} /`),
    )
    for (const other of Object.values(others)) {
      const two = { ...other, id }
      expect(await summaryOf(two)).toEqual({ ...summary, road: 'save' })
      for (const view of ['layer', 'sum'] as const)
        for (const { index } of summary.layers)
          expect(await treeOf(two, view, index)).toEqual(await treeOf(one, view, index))
    }
    const files = (await treeOf(one, 'sum', 5)).filter(
      ({ kind, change }) => kind === 'file' && change !== 'removed',
    )
    expect(files.length).toBeGreaterThan(10)
    for (const file of files.slice(0, 12)) {
      const bytes = await bytesOf(one, file)
      expect(bytes.length).toBe(file.sizeBytes)
      for (const other of Object.values(others)) {
        expect((await bytesOf({ ...other, id }, file)).equals(bytes)).toBe(true)
        const part = await bytesOf({ ...other, id }, file, { offset: 7, length: 11 })
        expect(part.equals(bytes.subarray(7, 18))).toBe(true)
      }
    }
  },
  180_000,
)

const rawFile = (name: string, more: object = {}): RawEntry => ({
  name: Buffer.from(name),
  flag: '0',
  ...more,
})

test('hostile content is told, and nothing hangs', async () => {
  const id = 'slipway-test/hostile:1'
  // As deep as an engine unpacks: the kernel takes paths of 4 KiB.
  const deep = `${'d/'.repeat(1900)}f`
  await load(id, [
    [
      rawFile('secret', { flag: '2', link: Buffer.from('/etc/passwd') }),
      rawFile('up', { flag: '2', link: Buffer.from('../../../../..') }),
      rawFile('pipe', { flag: '6' }),
      rawFile('null', { flag: '3', device: [1, 3] }),
      rawFile('su', { mode: 0o6755, data: Buffer.from('x') }),
      rawFile(deep),
    ],
  ])
  for (const road of [roads().agent, roads().save]) {
    const one = { ...road, id }
    const all = await treeOf(one, 'sum', 0)
    expect(all.filter(({ isCut }) => isCut)).toHaveLength(1)
    expect(all.filter(({ name }) => name === 'd')).toHaveLength(501)
    expect(all.find(({ name }) => name === 'su')?.mode).toBe(0o6755)
    for (const name of ['secret', 'up', 'pipe', 'null']) {
      const entry = all.find((found) => found.name === name)
      await expect(entry ? bytesOf(one, entry) : Promise.resolve()).rejects.toMatchObject({
        code: 'request.invalid',
      })
    }
    const place = { engine: one.engine, id, layer: 0, view: 'sum' as const }
    for (const path of ['/secret/passwd', '/up/etc/passwd', '/../etc/passwd', '/none'])
      await expect(
        Promise.resolve(one.layers.handlers['layers.entry']({ ...place, path }, signal)),
      ).rejects.toMatchObject({ code: 'object.not-found' })
  }
}, 180_000)

test('two images are compared: files, settings, and the layers that they share', async () => {
  const base = [rawFile('same', { data: Buffer.alloc(100) }), rawFile('grown', { data: Buffer.alloc(10) })]
  const socket = inject('engineSocket')
  const put = async (reference: string, more: readonly RawEntry[], env: string): Promise<void> => {
    const config = { Env: ['PATH=/bin', `NAME=${env}`] }
    await postTar(socket, '/images/load?quiet=1', rawImageTar({ reference, layers: [base, more], config }))
  }
  await put('slipway-test/compare:1', [rawFile('gone', { data: Buffer.alloc(7) })], 'one')
  await put(
    'slipway-test/compare:2',
    [rawFile('grown', { data: Buffer.alloc(30) }), rawFile('new', { data: Buffer.alloc(5) })],
    'two',
  )
  for (const { layers, engine } of [roads().agent, roads().save]) {
    const both = { engine, id: 'slipway-test/compare:1', with: { engine, id: 'slipway-test/compare:2' } }
    let summary
    for await (const item of layers.handlers['layers.compare'](both, context))
      if (item.kind === 'ready') summary = item.summary
    expect(summary).toMatchObject({
      files: { added: 1, changed: 1, removed: 1, same: 1, addedBytes: 5, removedBytes: 7, changedBytes: 20 },
      ...{ beforeBytes: 117, afterBytes: 135, sharedLayers: 1, sharedBytes: 110 },
      config: [{ key: 'Env.NAME', before: 'one', after: 'two' }],
    })
    const asked = { ...both, path: '/', sort: 'name' as const, offset: 0, limit: 100 }
    const { entries } = await layers.handlers['layers.compareChildren'](
      { ...asked, changes: ['added', 'changed', 'removed'] },
      signal,
    )
    expect(entries.map(({ name, change, differs }) => [name, change, differs])).toEqual([
      ['gone', 'removed', []],
      ['grown', 'changed', ['size']],
      ['new', 'added', []],
    ])
  }
}, 120_000)

async function startedContainer(script: string): Promise<string> {
  const body = { Image: busyboxImage, Cmd: ['sh', '-c', script], HostConfig: { NetworkMode: 'none' } }
  const { Id } = await overlay.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
  onTestFinished(async () => {
    await overlay.json({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true } })
  })
  await overlay.json({ method: 'POST', path: `/containers/${Id}/start`, timeoutMs: 60_000 })
  return Id
}

async function changesWhen(
  { layers, engine }: { layers: Layers; engine: EngineId },
  container: string,
  is: (changes: ContainerChanges) => boolean,
): Promise<ContainerChanges> {
  for await (const item of layers.handlers['layers.changes']({ engine, container }, context))
    if (is(item)) return item
  throw new Error('The stream ended')
}

test('the changes of a container are told by both roads, and again when there are more', async () => {
  const script = `rm /etc/group; echo changed > /etc/passwd; mkdir -p /data/deep; echo new > /data/deep/file
    rm -r /root; mkdir /root; echo x > /root/made; touch /ready
    until test -e /tmp/go; do sleep 0.1; done; echo more > /data/more; sleep 1000`
  const container = await startedContainer(script)
  const expected = [
    ['/data', 'added'],
    ['/data/deep', 'added'],
    ['/data/deep/file', 'added'],
    ['/etc/group', 'removed'],
    ['/etc/passwd', 'changed'],
    ['/ready', 'added'],
    ['/root/made', 'added'],
  ]
  const { agent: byAgent, save: byApi } = roads()
  const isReady = ({ changes }: ContainerChanges): boolean => changes.some(({ path }) => path === '/ready')
  for (const [road, name] of [
    [byAgent, 'agent'],
    [byApi, 'api'],
  ] as const) {
    const { changes, road: told } = await changesWhen(road, container, isReady)
    expect(told).toBe(name)
    expect(changes.map(({ path, change }) => [path, change])).toEqual(expected)
  }
  const { changes } = await changesWhen(byAgent, container, isReady)
  expect(changes.find(({ path }) => path === '/data/deep/file')).toMatchObject({ kind: 'file', sizeBytes: 4 })
  const more = changesWhen(byAgent, container, ({ changes: now }) =>
    now.some(({ path }) => path === '/data/more'),
  )
  const exec = await overlay.json<{ Id: string }>({
    ...{ method: 'POST', path: `/containers/${container}/exec`, body: { Cmd: ['touch', '/tmp/go'] } },
  })
  await overlay.json({ method: 'POST', path: `/exec/${exec.Id}/start`, body: { Detach: true } })
  expect((await more).changes.length).toBeGreaterThan(changes.length)
}, 120_000)

test('a reading that nobody waits for any more ends, and can be asked for again', async () => {
  const { layers, engine } = roads().save
  const one = { layers, engine, id: busyboxImage }
  const end = new AbortController()
  end.abort()
  await expect(
    Promise.resolve(layers.handlers['layers.wasted']({ engine, id: busyboxImage, limit: 10 }, end.signal)),
  ).rejects.toBeDefined()
  expect(await summaryOf(one)).toMatchObject({ road: 'save' })
  await expect(summaryOf({ ...one, id: 'slipway-test/none' })).rejects.toMatchObject({
    code: 'object.not-found',
  })
})
