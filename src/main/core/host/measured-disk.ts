import type { DiskEntry, DiskKind, DiskReport } from '../../../shared/model'

/** What a message of the agent's `host.disk` may carry; see native/agent/disk/report.go. */
interface Usage {
  readonly bytes: number
  readonly isCut?: boolean
}
interface AgentLayer extends Usage {
  readonly chainId: string
  /** Its folder, which is the build cache's id for it where the build cache made it. */
  readonly folder: string
}
interface AgentContainer {
  readonly id: string
  readonly layerBytes: number
  readonly logBytes: number
  readonly noteBytes: number
  readonly isCut?: boolean
}
interface Named extends Usage {
  readonly name: string
}
export type AgentDiskItem =
  | { readonly kind: 'progress'; readonly files: number; readonly bytes: number }
  | { readonly kind: 'layers'; readonly items: readonly AgentLayer[] }
  | { readonly kind: 'images'; readonly items: readonly { id: string; layers: readonly string[] }[] }
  | { readonly kind: 'containers'; readonly items: readonly AgentContainer[] }
  | { readonly kind: 'volumes' | 'folders' | 'rest'; readonly items: readonly Named[] }
  | { readonly kind: 'end'; readonly hasLayers: boolean }

/** The parts of a report that are yet to be told when and of whom. */
export type Counted = Pick<DiskReport, 'areLayersMeasured' | 'totals' | 'entries'>

export const noBytes: Record<DiskKind, number> = { image: 0, container: 0, volume: 0, cache: 0, other: 0 }

/** Gathers what the agent measured, and says at the end whose it is. */
export class MeasuredDisk {
  readonly #layers = new Map<string, AgentLayer>()
  readonly #images = new Map<string, readonly string[]>()
  readonly #entries: DiskEntry[] = []
  #areLayersMeasured = false

  take(item: AgentDiskItem): void {
    switch (item.kind) {
      case 'progress':
        return
      case 'layers':
        return item.items.forEach((layer) => this.#layers.set(layer.chainId, layer))
      case 'images':
        return item.items.forEach(({ id, layers }) => this.#images.set(id, layers))
      case 'containers':
        return item.items.forEach((one) => this.#entries.push(containerEntry(one)))
      case 'end':
        this.#areLayersMeasured = item.hasLayers
        return
      default:
        this.#entries.push(...item.items.map((one) => namedEntry(kinds[item.kind], one)))
    }
  }

  /** Layers of several images are in the totals once. What no image has is the build cache's. */
  count(): Counted {
    const users = new Map<string, number>()
    for (const layers of this.#images.values())
      for (const chain of new Set(layers)) users.set(chain, (users.get(chain) ?? 0) + 1)
    const entries = [...this.#entries]
    for (const [id, layers] of this.#images) entries.push(this.#imageEntry(id, layers, users))
    let imageBytes = 0
    for (const [chain, layer] of this.#layers)
      if (users.has(chain)) imageBytes += layer.bytes
      else
        entries.push(
          namedEntry(chain.startsWith(blobOf) ? 'other' : 'cache', { ...layer, name: layer.folder }),
        )
    const totals = { ...noBytes, image: imageBytes }
    for (const { kind, bytes } of entries) if (kind !== 'image') totals[kind] += bytes
    return { areLayersMeasured: this.#areLayersMeasured, totals, entries: biggestFirst(entries) }
  }

  #imageEntry(id: string, layers: readonly string[], users: ReadonlyMap<string, number>): DiskEntry {
    let [bytes, sharedBytes, isCut] = [0, 0, false]
    for (const chain of new Set(layers)) {
      const layer = this.#layers.get(chain)
      if (!layer) continue
      isCut ||= layer.isCut === true
      if ((users.get(chain) ?? 0) > 1) sharedBytes += layer.bytes
      else bytes += layer.bytes
    }
    return { kind: 'image', id, bytes, sharedBytes, ...(isCut && { isCut }) }
  }
}

/** What containerd fetched; of no image yet, or none any more, it is no build cache that anybody could free. */
const blobOf = 'blob:'
const kinds = { volumes: 'volume', folders: 'cache', rest: 'other' } as const

const namedEntry = (kind: DiskKind, { name, bytes, isCut }: Named): DiskEntry => ({
  ...{ kind, id: name, bytes, sharedBytes: 0 },
  ...(isCut && { isCut }),
})

const containerEntry = ({ id, layerBytes, logBytes, noteBytes, isCut }: AgentContainer): DiskEntry => ({
  ...{ kind: 'container', id, bytes: layerBytes + logBytes + noteBytes, sharedBytes: 0, logBytes },
  ...(isCut && { isCut }),
})

export const biggestFirst = (entries: readonly DiskEntry[]): readonly DiskEntry[] =>
  [...entries].sort((a, b) => b.bytes - a.bytes || b.sharedBytes - a.sharedBytes)
