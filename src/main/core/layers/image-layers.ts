import type { ImageId, ImageLayer, LayerRoad, LayerSummary, LayerView } from '../../../shared/model'
import type { AgentLayer } from './agent-layers'
import { ImageView } from './tree/image-view'
import { mergeLayers, type ImageTree } from './tree/image-tree'
import type { LayerContent } from './tree/layer-node'
import { findWaste, type Waste } from './tree/waste'
import { Kept } from './kept'

/** One layer as it was read, and who made it. */
export interface ReadLayer {
  readonly diffId: string
  readonly command: string
  readonly createdAtMs: number
  readonly content: LayerContent
}

/** Where the bytes of a layer's files come from. */
export type LayerSource =
  | { readonly road: 'agent'; readonly layers: readonly AgentLayer[] }
  | { readonly road: 'save'; readonly blobs: readonly string[] }

/** A person looks at one layer, then at the next: these are answered at once. */
const keptViews = 8

/** An image whose layers were read: all questions about them are answered from here. */
export class ImageLayers {
  readonly tree: ImageTree
  readonly waste: Waste
  readonly summary: LayerSummary
  readonly #views = new Kept<ImageView>(keptViews)

  readonly id: ImageId
  readonly layers: readonly ReadLayer[]
  readonly source: LayerSource
  /** What `GET /images/{id}/json` says. */
  readonly inspect: object

  constructor({ id, layers, source, inspect }: Pick<ImageLayers, 'id' | 'layers' | 'source' | 'inspect'>) {
    this.id = id
    this.layers = layers
    this.source = source
    this.inspect = inspect
    this.tree = mergeLayers(layers.map(({ content }) => content))
    this.waste = findWaste(this.tree)
    this.summary = summaryOf(this)
  }

  get road(): LayerRoad {
    return this.source.road
  }

  view(view: LayerView, layer: number): ImageView {
    const key = `${view} ${layer}`
    const known = this.#views.get(key)
    if (known) return known
    const made = new ImageView(this.tree, view, layer)
    this.#views.set(key, made, 1)
    return made
  }
}

function summaryOf({ id, layers, tree, waste, road }: ImageLayers): LayerSummary {
  const counts = layers.map(() => ({ added: 0, changed: 0, removed: 0, unchanged: 0 }))
  countChanges(tree, counts)
  const totalBytes = layers.reduce((sum, { content }) => sum + content.sizeBytes, 0)
  return {
    id,
    layers: layers.map(({ diffId, command, createdAtMs, content }, index): ImageLayer => {
      const { added = 0, changed = 0, removed = 0 } = counts[index] ?? {}
      const { sizeBytes } = content
      return {
        index,
        diffId,
        sizeBytes,
        command,
        createdAtMs,
        added,
        changed,
        removed,
        wastedBytes: waste.byLayer[index] ?? 0,
      }
    }),
    totalBytes,
    wastedBytes: waste.wastedBytes,
    efficiency: totalBytes === 0 ? 1 : (totalBytes - waste.wastedBytes) / totalBytes,
    entries: tree.paths,
    road,
    refused: layers.reduce((sum, { content }) => sum + content.refused, 0),
  }
}

function countChanges(
  { root }: Pick<ImageTree, 'root'>,
  counts: { added: number; changed: number; removed: number; unchanged: number }[],
): void {
  const look = (node: ImageTree['root']): void => {
    for (const child of node.children?.values() ?? []) {
      for (const { layer, change } of child.versions) {
        const count = counts[layer]
        if (count) count[change]++
      }
      look(child)
    }
  }
  look(root)
}
