import { createHash } from 'node:crypto'
import { isCode } from '../../../shared/errors'
import type { EngineId, Image, Layer } from '../../../shared/model'
import { shortId } from '../../../shared/model'
import { pathPart, type EngineClient } from '../engine/engine'
import { hasContainerdStore } from '../engine/facts'
import { joinHistory, type Line, type RawHistory } from './layer-chain'

/**
 * What an image's layers are, kept by its id. With containerd's store this names an image of several platforms, and
 * which of them is here may change.
 */
interface Layers {
  readonly lines: readonly Line[]
  /** One per layer, bottom first: equal keys are the same layer on disk. */
  readonly chain: readonly string[]
  /** One per layer: how the image's bytes, as its row tells them, go to its layers. */
  sizesIn(total: number): readonly number[]
}

/** Of the images that were there, by their rows. */
export type LayersOfRows = ReadonlyMap<Image, Layers>

/** Requests at once to one engine: enough to hide the way there, few enough to leave it room for others. */
const parallel = 8

export class LayerIndex {
  readonly #known = new Map<EngineId, Map<string, Promise<Layers>>>()

  /** An image's history, oldest first, with the other images (of `rows`) that hold the same layers. */
  async history(
    engine: EngineClient,
    image: { id: string; rows: readonly Image[] },
    signal: AbortSignal,
  ): Promise<Layer[]> {
    const own = await this.#of(engine, image.id)
    const fresh = await historyOf(engine, image.id, signal)
    const others = image.rows.filter((row) => row.id !== image.id)
    const layers = await this.layersOf(engine, others, signal)
    const tags = fresh.toReversed().map((line) => line.Tags ?? [])
    return own.lines.map(({ position, ...line }) => ({
      ...line,
      tags: tags[line.index] ?? line.tags,
      sharedWith: position === undefined ? [] : holders(own.chain[position], position, layers),
    }))
  }

  /** Without the images that went meanwhile. */
  async layersOf(engine: EngineClient, rows: readonly Image[], signal: AbortSignal): Promise<LayersOfRows> {
    const found: (Layers | undefined)[] = []
    let next = 0
    const work = async (): Promise<void> => {
      for (let n = next++; n < rows.length; n = next++) {
        signal.throwIfAborted()
        const row = rows[n] as Image
        try {
          found[n] = await this.#of(engine, row.id)
        } catch (error) {
          if (!isCode(error, 'object.not-found')) throw error
        }
      }
    }
    await Promise.all(Array.from({ length: parallel }, work))
    return new Map(rows.flatMap((row, n) => (found[n] ? [[row, found[n]]] : [])))
  }

  async #of(engine: EngineClient, id: string): Promise<Layers> {
    const known = this.#known.get(engine.id) ?? new Map<string, Promise<Layers>>()
    this.#known.set(engine.id, known)
    const kept = known.get(id)
    if (kept && (!hasContainerdStore(engine.facts) || (await isStill(engine, id, kept)))) return kept
    // Shared by all who ask for it, so nobody's cancel ends it; the client's own deadline does.
    const read = readLayers(engine, id)
    known.set(id, read)
    // A failure is not knowledge: the next one asks again.
    read.catch(() => known.delete(id))
    return read
  }

  /** Forgets images that are not among the rows any more. */
  forget(engine: EngineId, rows: readonly Image[]): void {
    const ids = new Set<string>(rows.map((row) => row.id))
    const known = this.#known.get(engine)
    for (const id of known?.keys() ?? []) if (!ids.has(id)) known?.delete(id)
  }
}

/** Bytes that come back when `going` go and `staying` stay: layers that only they hold, each once. */
export function freedBytes(
  layers: LayersOfRows,
  { going, staying }: { going: readonly Image[]; staying: readonly Image[] },
): number {
  const kept = new Set(staying.flatMap((row) => layers.get(row)?.chain ?? []))
  const freed = new Map<string, number>()
  for (const row of going) {
    const sizes = layers.get(row)?.sizesIn(row.sizeBytes) ?? []
    layers.get(row)?.chain.forEach((key, n) => {
      if (!kept.has(key)) freed.set(key, sizes[n] ?? 0)
    })
  }
  return [...freed.values()].reduce((sum, bytes) => sum + bytes, 0)
}

const historyOf = (engine: EngineClient, id: string, signal?: AbortSignal): Promise<RawHistory[]> =>
  engine.json<RawHistory[]>({ path: `/images/${pathPart(id)}/history`, ...(signal && { signal }) })

async function diffIdsOf(engine: EngineClient, id: string): Promise<readonly string[]> {
  const path = `/images/${pathPart(id)}/json`
  const image = await engine.json<{ RootFS?: { readonly Layers?: readonly string[] | null } }>({ path })
  return image.RootFS?.Layers ?? []
}

async function readLayers(engine: EngineClient, id: string): Promise<Layers> {
  const [raw, diffIds] = await Promise.all([historyOf(engine, id), diffIdsOf(engine, id)])
  const lines = joinHistory(raw, diffIds)
  const sizeOf = hasContainerdStore(engine.facts) ? sizesOfBoth : sizesOf
  return { lines, chain: chainOf(diffIds), sizesIn: (total) => sizeOf(lines, diffIds.length, total) }
}

async function isStill(engine: EngineClient, id: string, kept: Promise<Layers>): Promise<boolean> {
  const [{ chain }, diffIds] = await Promise.all([kept, diffIdsOf(engine, id)])
  // The topmost stands for all below it.
  return chain.at(-1) === chainOf(diffIds).at(-1)
}

/** Each key stands for its layer and all below: the engine's own ChainID, so it stays short. */
function chainOf(diffIds: readonly string[]): string[] {
  const chain: string[] = []
  for (const id of diffIds) {
    const below = chain.at(-1)
    chain.push(below === undefined ? id : sha256(`${below} ${id}`))
  }
  return chain
}

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** Where lines could not be matched, all bytes count to the topmost. */
function sizesOf(lines: readonly Line[], count: number, total: number): number[] {
  const sizes = new Array<number>(count).fill(0)
  let matched = 0
  for (const { position, sizeBytes } of lines) {
    if (position === undefined) continue
    sizes[position] = sizeBytes
    matched += sizeBytes
  }
  if (count > 0) sizes[count - 1] = (sizes[count - 1] ?? 0) + Math.max(0, total - matched)
  return sizes
}

/**
 * No call tells what each layer takes as it came, nor what other platforms' layers take: of all that there is beside
 * its files, each has its share by these.
 */
function sizesOfBoth(lines: readonly Line[], count: number, total: number): number[] {
  const unpacked = lines.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (unpacked === 0) return sizesOf(lines, count, total)
  const beside = Math.max(0, total - unpacked)
  const sizes = sizesOf(lines, count, unpacked)
  return sizes.map((bytes) => bytes + Math.round((bytes / unpacked) * beside))
}

function holders(
  key: string | undefined,
  position: number,
  others: LayersOfRows,
): { id: Image['id']; tag: string }[] {
  return [...others].flatMap(([row, { chain }]) =>
    key !== undefined && chain[position] === key ? [{ id: row.id, tag: row.tags[0] ?? shortId(row.id) }] : [],
  )
}
