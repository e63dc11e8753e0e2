import type { Handlers } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import type { CompareSummary, ReadProgress } from '../../../shared/model'
import { configDifferences } from './config-difference'
import { learnDigests } from './file-digests'
import type { ImageLayers } from './image-layers'
import type { ImageReader, ImageRef } from './image-reader'
import { Kept } from './kept'
import { withProgress } from './progress-stream'
import { Comparison, sameSized } from './tree/compare'
import { find } from './tree/image-tree'
import type { ImageView } from './tree/image-view'
import type { LayerNode } from './tree/layer-node'

type Side = 'before' | 'after'

/** A person compares one pair at a time. */
const keptPairs = 2

export function compareHandlers(
  reader: ImageReader,
): Pick<Handlers, 'layers.compare' | 'layers.compareChildren'> {
  const comparisons = new Comparisons(reader)
  return {
    'layers.compare': async function* ({ with: other, ...ref }, { signal }) {
      const pair = yield* withProgress<ReadProgress & { side: Side }, Compared>(
        (tell, own) => comparisons.of([ref, other], own, tell),
        signal,
      )
      yield { kind: 'ready', summary: pair.summary }
    },
    'layers.compareChildren': async ({ with: other, path, ...asked }, signal) => {
      const { comparison } = await comparisons.of([asked, other], signal)
      const { before, after } = comparison
      const at = { before: find(before.tree, path), after: find(after.tree, path) }
      if (!at.before && !at.after)
        throw new AppError('object.not-found', 'Neither image has this path', { facts: { what: 'path' } })
      return comparison.children(at, asked)
    },
  }
}

interface Compared {
  readonly images: readonly [ImageLayers, ImageLayers]
  readonly comparison: Comparison
  readonly summary: CompareSummary
}

class Comparisons {
  readonly #kept = new Kept<Compared>(keptPairs)

  constructor(private readonly reader: ImageReader) {}

  async of(
    [first, second]: readonly [ImageRef, ImageRef],
    signal: AbortSignal,
    tell: (progress: ReadProgress & { side: Side }) => void = () => undefined,
  ): Promise<Compared> {
    const read = (ref: ImageRef, side: Side): Promise<ImageLayers> =>
      this.reader.read(ref, { signal, onProgress: (progress) => tell({ ...progress, side }) })
    const images = [await read(first, 'before'), await read(second, 'after')] as const
    const key = `${first.engine} ${images[0].id} ${second.engine} ${images[1].id}`
    const known = this.#kept.get(key)
    // Read anew since, an image is another object: what was compared is not what is asked about now.
    if (known?.images.every((image, n) => image === images[n])) return known
    await this.#learn([first, second], images, { signal, tell })
    const made = compare(images)
    this.#kept.set(key, made, 1)
    return made
  }

  /** Reads what only its contents can tell apart. */
  async #learn(
    refs: readonly [ImageRef, ImageRef],
    images: readonly [ImageLayers, ImageLayers],
    { signal, tell }: { signal: AbortSignal; tell: (progress: ReadProgress & { side: Side }) => void },
  ): Promise<void> {
    const [before, after] = images
    const isShared = (one: number, other: number): boolean =>
      before.layers[one]?.diffId === after.layers[other]?.diffId
    const open = [...sameSized({ before: whole(before), after: whole(after) }, isShared)]
    const totalBytes = 2 * open.reduce((sum, pair) => sum + pair.before.node.size, 0)
    const done = { entries: 0, bytes: 0 }
    for (const [n, side] of (['before', 'after'] as const).entries()) {
      const onFile = ({ size }: LayerNode): void => {
        done.entries++
        done.bytes += size
        tell({ kind: 'progress', phase: 'contents', side, layer: 0, layers: 0, ...done, totalBytes })
      }
      const deps = this.reader.contentDeps((refs[n] as ImageRef).engine, signal)
      const files = open.map((pair) => pair[side])
      await learnDigests(images[n] as ImageLayers, files, { deps, onFile })
    }
  }
}

function compare(images: readonly [ImageLayers, ImageLayers]): Compared {
  const [before, after] = images
  const views = [whole(before), whole(after)] as const
  const comparison = new Comparison(...views)
  const shared = sharedLayers(before, after)
  const summary: CompareSummary = {
    ...{ before: before.summary, after: after.summary, files: comparison.counts },
    ...{ beforeBytes: seenBytes(before), afterBytes: seenBytes(after) },
    config: configDifferences(before.inspect, after.inspect),
    sharedLayers: shared,
    sharedBytes: before.layers.slice(0, shared).reduce((sum, { content }) => sum + content.sizeBytes, 0),
  }
  return { images, comparison, summary }
}

const whole = (image: ImageLayers): ImageView => image.view('sum', Math.max(0, image.layers.length - 1))

const seenBytes = ({ summary }: ImageLayers): number => summary.totalBytes - summary.wastedBytes

function sharedLayers(before: ImageLayers, after: ImageLayers): number {
  let shared = 0
  while (shared < before.layers.length && before.layers[shared]?.diffId === after.layers[shared]?.diffId)
    shared++
  return shared
}
