import * as v from 'valibot'
import type {
  CompareEntry,
  CompareSummary,
  ContainerChanges,
  LayerChildren,
  LayerEntry,
  LayerSummary,
  ReadProgress,
  SizeNode,
  WastedPath,
} from '../model'
import { call, stream } from './define'
import { count, engineId, objectId, ref, text, word } from './fields'

/** A path as `LayerEntry.path` gives it; of a folder in a deep tree it may be long. */
export const layerPath = v.pipe(v.string(), v.regex(/^\//), v.maxLength(64 * 1024))
const layer = count(4096)
const view = v.picklist(['layer', 'sum'])
const place = { ...ref.entries, layer, view }
const changes = v.array(v.picklist(['added', 'changed', 'removed', 'unchanged']))
/** One answer must fit a message. */
const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5000)), 1000)

/**
 * What the layers of an image hold. `layers.read` reads them and shows progress; core keeps the result for a while,
 * so that the questions after it are answered at once. A question about what was not read, or is not kept any
 * more, reads it again first.
 */
export const layers = {
  'layers.read': stream(ref).of<ReadProgress | { readonly kind: 'ready'; readonly summary: LayerSummary }>(),
  /** What is directly in a folder. Folders come first when sorted by name; `size` and `count`: most first. */
  'layers.children': call(
    v.object({
      ...place,
      path: layerPath,
      sort: v.optional(v.picklist(['name', 'size', 'count', 'time']), 'name'),
      /** Only these, and the folders that lead to them. Empty: all. */
      changes: v.optional(changes, []),
      /** Only names with this text in them, at any depth, and the folders that lead to them. */
      text: v.optional(text(256), ''),
      offset: v.optional(count(), 0),
      limit,
    }),
  ).gives<LayerChildren>(),
  /** One path of a view. Throws `object.not-found`. */
  'layers.entry': call(v.object({ ...place, path: layerPath })).gives<LayerEntry>(),
  /** Paths whose name holds a text, whatever its case. */
  'layers.find': call(
    v.object({ ...place, text: word(256), changes: v.optional(changes, []), limit }),
  ).gives<LayerChildren>(),
  /** The paths that waste the most, the worst first. */
  'layers.wasted': call(v.object({ ...ref.entries, limit })).gives<{
    paths: WastedPath[]
    total: number
  }>(),
  /** Sizes below a folder: at most `depth` levels and `limit` nodes. */
  'layers.sizes': call(
    v.object({
      ...place,
      path: v.optional(layerPath, '/'),
      depth: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)), 3),
      limit,
    }),
  ).gives<SizeNode>(),
  /**
   * The bytes of a file, from the layer (`view: 'layer'`) or as it is seen once that layer lies on those below.
   * Links are not followed; what is no file is `request.invalid`. The head comes first.
   */
  'layers.file': stream(
    v.object({ ...place, path: layerPath, offset: v.optional(count(), 0), length: v.optional(count()) }),
  ).of<{ readonly kind: 'head'; readonly entry: LayerEntry } | Uint8Array>(),
  /** `with` is the second image: `added` is what it has and this one has not. They may be of two engines. */
  'layers.compare': stream(v.object({ ...ref.entries, with: ref })).of<
    | (ReadProgress & { readonly side: 'before' | 'after' })
    | { readonly kind: 'ready'; readonly summary: CompareSummary }
  >(),
  'layers.compareChildren': call(
    v.object({
      ...ref.entries,
      with: ref,
      path: layerPath,
      sort: v.optional(v.picklist(['name', 'size', 'count', 'time']), 'name'),
      changes: v.optional(changes, []),
      offset: v.optional(count(), 0),
      limit,
    }),
  ).gives<{ entries: CompareEntry[]; total: number }>(),
  /** A container's changes against its image: at once, then at each change for as long as it is read. */
  'layers.changes': stream(v.object({ engine: engineId, container: objectId })).of<ContainerChanges>(),
}
