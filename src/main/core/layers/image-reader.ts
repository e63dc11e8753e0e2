import { AppError } from '../../../shared/errors'
import type { EngineId, ImageId, ReadProgress } from '../../../shared/model'
import type { AgentFor } from '../agent/agents'
import { pathPart, type EngineClient, type EngineOf } from '../engine/engine'
import { hasContainerdStore } from '../engine/facts'
import { log } from '../platform/log'
import { listLayers, readAgentLayer, type AgentImage, type AgentLayer } from './agent-layers'
import type { SavedHistory } from './archive/image-index'
import { readArchive } from './archive/read-archive'
import { ImageLayers, type ReadLayer } from './image-layers'
import { Kept } from './kept'
import { SharedWork } from './shared-work'
import type { LayerContent } from './tree/layer-node'

export interface LayersDeps {
  readonly engineOf: EngineOf
  readonly agentFor: AgentFor
}

export interface ImageRef {
  readonly engine: EngineId
  readonly id: string
}

/** About 300 bytes each: core keeps at most some hundred MB of all layers together. */
const keptEntries = 1_000_000
/** The engine walks all layers before the first byte. */
const headDeadlineMs = 300_000
/** Over SSH the way there and back costs more than a small layer. */
const parallel = 4

interface Inspect {
  readonly Id: string
  readonly Size?: number
  readonly RootFS?: { readonly Layers?: readonly string[] | null }
}

/** What reading the contents of files takes. */
export interface ContentDeps {
  readonly engine: EngineClient
  readonly host: AgentImage | undefined
  readonly signal: AbortSignal
}

export interface Reading {
  readonly signal: AbortSignal
  readonly onProgress?: (progress: ReadProgress) => void
}

/** Reads layers of images and keeps what was read: a layer by its digest, an image by its id. */
export class ImageReader {
  readonly #layers = new Kept<LayerContent>(keptEntries)
  readonly #images = new Kept<ImageLayers>(keptEntries)
  readonly #work = new SharedWork<ReadProgress, ImageLayers>()

  constructor(private readonly deps: LayersDeps) {}

  /** Throws `object.not-found`, `image.damaged`, or why the engine did not answer. */
  async read(ref: ImageRef, reading: Reading): Promise<ImageLayers> {
    const engine = this.deps.engineOf(ref.engine)
    const kept = hasContainerdStore(engine.facts) ? undefined : this.#kept(ref.engine, ref.id)
    if (kept) return kept
    const path = `/images/${pathPart(ref.id)}/json`
    const inspect = await engine.json<Inspect>({ path, signal: reading.signal })
    const id = contentOf(engine, inspect)
    const known = this.#kept(ref.engine, id)
    if (known) return known
    const key = `${ref.engine} ${id}`
    return this.#work.join(
      key,
      async (signal, onProgress) => {
        const read = await this.#read(engine, inspect, { signal, onProgress })
        this.#images.set(key, read, read.tree.paths + 1)
        return read
      },
      reading,
    )
  }

  contentDeps(id: EngineId, signal: AbortSignal): ContentDeps {
    const engine = this.deps.engineOf(id)
    return { engine, host: this.agentImage(engine), signal }
  }

  /** The agent that reads this engine's layers, where it can. */
  agentImage(engine: EngineClient): AgentImage | undefined {
    const agent = this.deps.agentFor(engine.id, 'layers.tree')
    return agent && { agent, root: engine.facts.rootDir }
  }

  /** What was walked by an agent that is gone has no way to its files any more: it is read anew. */
  #kept(engine: EngineId, id: string): ImageLayers | undefined {
    const key = `${engine} ${id}`
    const kept = this.#images.get(key)
    const isUsable = kept?.road !== 'agent' || this.deps.agentFor(engine, 'layers.file') !== undefined
    return isUsable ? kept : undefined
  }

  async #read(engine: EngineClient, inspect: Inspect, reading: Required<Reading>): Promise<ImageLayers> {
    const host = this.agentImage(engine)
    if (host)
      try {
        return await this.#walk(engine, { host, inspect }, reading)
      } catch (error) {
        reading.signal.throwIfAborted()
        log.info('layers', 'the agent could not read an image', { engine: engine.id, error })
      }
    return save(engine, inspect, reading)
  }

  async #walk(
    engine: EngineClient,
    { host, inspect }: { host: AgentImage; inspect: Inspect },
    { signal: outer, onProgress }: Required<Reading>,
  ): Promise<ImageLayers> {
    // One layer that cannot be read ends the others.
    const failed = new AbortController()
    const signal = AbortSignal.any([outer, failed.signal])
    const layers = await listLayers(host, inspect.Id, signal)
    checkPlatform(layers, inspect)
    const contents = new Map<string, LayerContent>()
    let done = 0
    let next = 0
    let entries = 0
    const tell = (): void => {
      onProgress({
        ...{ kind: 'progress', layer: done, layers: layers.length, entries, bytes: 0 },
        totalBytes: 0,
      })
    }
    const work = async (): Promise<void> => {
      for (let layer = layers[next++]; layer; layer = layers[next++]) {
        const key = `${engine.id} ${layer.diffId}`
        let before = 0
        const onEntries = (count: number): void => {
          entries += count - before
          before = count
          tell()
        }
        const which = { chainId: layer.chainId }
        const content = this.#layers.get(key) ?? (await readAgentLayer(host, which, { signal, onEntries }))
        this.#layers.set(key, content, content.entries + 1)
        contents.set(layer.diffId, content)
        done++
        tell()
      }
    }
    try {
      await Promise.all(Array.from({ length: parallel }, work))
    } catch (error) {
      failed.abort()
      throw error
    }
    const read = layers.map(({ diffId, command, created }): ReadLayer => ({
      ...{ diffId, command: command ?? '', createdAtMs: timeOf(created) },
      content: contents.get(diffId) as LayerContent,
    }))
    return new ImageLayers({
      ...{ id: inspect.Id as ImageId, layers: read, inspect },
      source: { road: 'agent', layers },
    })
  }
}

/** What stands for an image's content: containerd's ids name all platforms of one, and a pull may change which is here. */
const contentOf = ({ facts }: EngineClient, { Id, RootFS }: Inspect): string =>
  hasContainerdStore(facts) ? [Id, ...(RootFS?.Layers ?? [])].join(' ') : Id

/** Of an image for several platforms the agent may find another one than the engine means. */
function checkPlatform(layers: readonly AgentLayer[], { RootFS }: Inspect): void {
  const wanted = RootFS?.Layers
  if (!wanted || (wanted.length === layers.length && layers.every(({ diffId }, n) => diffId === wanted[n])))
    return
  throw new AppError('engine.unsupported', 'The agent found the layers of another platform')
}

/** A tar of the image, with its layers as they are. */
export const saveImage = (engine: EngineClient, id: string, signal: AbortSignal) =>
  engine.stream({
    ...{ path: `/images/${pathPart(id)}/get`, headTimeoutMs: headDeadlineMs, isBulk: true, signal },
  })

async function save(
  engine: EngineClient,
  inspect: Inspect,
  { signal, onProgress }: Required<Reading>,
): Promise<ImageLayers> {
  const layers = inspect.RootFS?.Layers?.length ?? 0
  const tar = await saveImage(engine, inspect.Id, signal)
  try {
    const { image, contents, blobs } = await readArchive(tar as AsyncIterable<Uint8Array>, {
      signal,
      onProgress: ({ layers: layer, entries, bytes }) => {
        onProgress({ kind: 'progress', layer, layers, entries, bytes, totalBytes: inspect.Size ?? 0 })
      },
    })
    const made = instructions(image.config.history ?? [], image.diffIds.length)
    const read = image.diffIds.map((diffId, n): ReadLayer => ({
      ...{ diffId, command: made[n]?.created_by ?? '', createdAtMs: timeOf(made[n]?.created) },
      content: contents[n] as LayerContent,
    }))
    return new ImageLayers({
      ...{ id: inspect.Id as ImageId, layers: read, inspect },
      source: { road: 'save', blobs },
    })
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled', { cause: error })
    throw error
  } finally {
    tar.destroy()
  }
}

/** The history of each layer, or nothing when they do not match. */
function instructions(history: readonly SavedHistory[], layers: number): readonly SavedHistory[] {
  const made = history.filter((line) => line.empty_layer !== true)
  return made.length === layers ? made : []
}

function timeOf(text: string | undefined): number {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? 0 : ms
}
