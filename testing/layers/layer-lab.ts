import { inject } from 'vitest'
import { connectAgent, type AgentClient } from '../../src/main/core/agent/agent-client'
import { childRoad } from '../../src/main/core/agent/road'
import { dialUnix } from '../../src/main/core/engine/dial'
import { connectEngine, type ConnectedEngine } from '../../src/main/core/engine/engine-client'
import { createLayers, type Layers } from '../../src/main/core/layers/layer-handlers'
import type { EngineId, LayerEntry, LayerView } from '../../src/shared/model'
import { agentBinary } from '../agent/agent-binary'
import { postTar } from '../engine/images'
import { rawImageTar } from './random-image'
import type { RawEntry } from './raw-tar'

const { signal } = new AbortController()
export const context = { signal, input: (async function* () {})() }

export interface Road {
  readonly layers: Layers
  readonly engine: EngineId
}

/** The test engine's layers, by both roads. */
export interface LayerLab {
  readonly engine: ConnectedEngine
  /** New at each call: nothing is kept from one to the next. */
  readonly agentRoad: () => Road
  readonly saveRoad: () => Road
  readonly roadOf: (engine: ConnectedEngine) => Road
  readonly close: () => void
}

export const connectTo = (path: string, id: string): Promise<ConnectedEngine> =>
  connectEngine({ id: id as EngineId, dial: dialUnix(path), address: `unix://${path}`, signal })

export async function openLayerLab(): Promise<LayerLab> {
  const engine = await connectTo(inject('engineSocket'), 'overlay')
  const agent = await connectAgent(await childRoad(agentBinary()).open(signal))
  const road = (of: ConnectedEngine, by: AgentClient | undefined): Road => ({
    engine: of.id,
    layers: createLayers({ engineOf: () => of, agentFor: () => by }),
  })
  return {
    engine,
    agentRoad: () => road(engine, agent),
    saveRoad: () => road(engine, undefined),
    roadOf: (other) => road(other, agent),
    close: () => {
      agent.close()
      engine.close()
    },
  }
}

/** Makes an image of these layers on each engine. */
export async function loadLayers(
  sockets: readonly string[],
  image: Parameters<typeof rawImageTar>[0],
): Promise<void> {
  const bytes = rawImageTar(image)
  for (const socket of sockets) {
    const said = await postTar(socket, '/images/load?quiet=1', bytes)
    if (said.includes('"error"')) throw new Error(said)
  }
}

export const rawFile = (name: string, more: object = {}): RawEntry => ({
  name: Buffer.from(name),
  flag: '0',
  ...more,
})

export interface Asked extends Road {
  readonly id: string
}

export async function summaryOf({ layers, ...ref }: Asked) {
  for await (const item of layers.handlers['layers.read'](ref, context))
    if (item.kind === 'ready') return item.summary
  throw new Error('The stream ended')
}

/** All entries of a view, folder by folder. */
export async function treeOf(asked: Asked, view: LayerView, layer: number): Promise<LayerEntry[]> {
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

export async function bytesOf(
  asked: Asked,
  entry: LayerEntry,
  more: { offset?: number; length?: number } = {},
) {
  const { layers, engine, id } = asked
  const parts: Uint8Array[] = []
  const place = { engine, id, layer: entry.layer, view: 'layer' as const, path: entry.path }
  for await (const item of layers.handlers['layers.file']({ ...place, offset: 0, ...more }, context))
    if (item instanceof Uint8Array) parts.push(Buffer.from(item))
  return Buffer.concat(parts)
}
