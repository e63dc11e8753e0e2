import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { postTar } from '../../../../testing/engine/images'
import { startTestEngine, type TestEngine } from '../../../../testing/engine/start-engine'
import { randomLayers, rawImageTar } from '../../../../testing/layers/random-image'
import type { EngineId, LayerEntry, LayerView } from '../../../shared/model'
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
