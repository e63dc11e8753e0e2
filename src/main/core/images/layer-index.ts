import { createHash } from 'node:crypto'
import type { EngineId, Image, Layer } from '../../../shared/model'
import { shortId } from '../../../shared/model'
import { pathPart, type EngineClient } from '../engine/engine'
import { hasContainerdStore } from '../engine/facts'
import { joinHistory, type Line, type RawHistory } from './layer-chain'

/** What an image's layers are. An image never changes under its id, so this is kept. */
interface Layers {
  readonly lines: readonly Line[]
  /** One per layer, bottom first: equal keys are the same layer on disk. */
  readonly chain: readonly string[]
  /** One per layer; where lines could not be matched, all bytes count to the topmost. */
  readonly sizes: readonly number[]
}

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
    const chains = await this.#all(engine, others, signal)
    const tags = fresh.toReversed().map((line) => line.Tags ?? [])
    return own.lines.map(({ position, ...line }) => ({
      ...line,
      tags: tags[line.index] ?? line.tags,
      sharedWith: position === undefined ? [] : holders(own.chain[position], position, { others, chains }),
    }))
  }

  /** Bytes that come back when `going` go and `staying` stay: layers that only they hold, each once. */
  async freedBytes(
    engine: EngineClient,
    { going, staying }: { going: readonly Image[]; staying: readonly Image[] },
    signal: AbortSignal,
  ): Promise<number> {
    const [goingLayers, stayingLayers] = [
      await this.#all(engine, going, signal),
      await this.#all(engine, staying, signal),
    ]
    const kept = new Set(stayingLayers.flatMap((layers) => layers?.chain ?? []))
    const freed = new Map<string, number>()
    for (const layers of goingLayers)
      layers?.chain.forEach((key, n) => {
        if (!kept.has(key)) freed.set(key, layers.sizes[n] ?? 0)
      })
    return [...freed.values()].reduce((sum, bytes) => sum + bytes, 0)
  }

  /** In the order of the rows. `undefined` for an image that went meanwhile. */
  async #all(
    engine: EngineClient,
    rows: readonly Image[],
    signal: AbortSignal,
  ): Promise<(Layers | undefined)[]> {
    const found: (Layers | undefined)[] = []
    let next = 0
    const work = async (): Promise<void> => {
      for (let n = next++; n < rows.length; n = next++) {
        signal.throwIfAborted()
        const row = rows[n] as Image
        found[n] = await this.#of(engine, row.id).catch((error: unknown) => {
          if (isGone(error)) return undefined
          throw error
        })
      }
    }
    await Promise.all(Array.from({ length: parallel }, work))
    return found
  }

  #of(engine: EngineClient, id: string): Promise<Layers> {
    const known = this.#known.get(engine.id) ?? new Map<string, Promise<Layers>>()
    this.#known.set(engine.id, known)
    const kept = known.get(id)
    if (kept) return kept
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

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'object.not-found'

const historyOf = (engine: EngineClient, id: string, signal?: AbortSignal): Promise<RawHistory[]> =>
  engine.json<RawHistory[]>({ path: `/images/${pathPart(id)}/history`, ...(signal && { signal }) })

interface RawFileSystem {
  readonly Size: number
  readonly RootFS?: { readonly Layers?: readonly string[] | null }
}

async function readLayers(engine: EngineClient, id: string): Promise<Layers> {
  const [raw, image] = await Promise.all([
    historyOf(engine, id),
    engine.json<RawFileSystem>({ path: `/images/${pathPart(id)}/json` }),
  ])
  const diffIds = image.RootFS?.Layers ?? []
  const lines = joinHistory(raw, diffIds)
  const sizeOf = hasContainerdStore(engine.facts) ? sizesOfBoth : sizesOf
  return { lines, chain: chainOf(diffIds), sizes: sizeOf(lines, diffIds.length, image.Size) }
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

/** No call tells what each layer takes as it came, `packed` is their sum: each has its share by its files. */
function sizesOfBoth(lines: readonly Line[], count: number, packed: number): number[] {
  const unpacked = lines.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (unpacked === 0) return sizesOf(lines, count, packed)
  const sizes = sizesOf(lines, count, unpacked)
  return sizes.map((bytes) => bytes + Math.round((bytes / unpacked) * packed))
}

function holders(
  key: string | undefined,
  position: number,
  { others, chains }: { others: readonly Image[]; chains: readonly (Layers | undefined)[] },
): { id: Image['id']; tag: string }[] {
  return others.flatMap((row, n) =>
    key !== undefined && chains[n]?.chain[position] === key
      ? [{ id: row.id, tag: row.tags[0] ?? shortId(row.id) }]
      : [],
  )
}
