import type { CheckedArgs, Handlers } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import type { LayerView } from '../../../shared/model'
import { compareHandlers } from './compare-handlers'
import { watchChanges } from './container-changes'
import { fileBytes, shownAt } from './file-content'
import type { ImageLayers } from './image-layers'
import { ImageReader, type ImageRef, type LayersDeps } from './image-reader'
import { withProgress } from './progress-stream'
import { findNames, listChildren } from './tree/listing'
import { find, type PathNode } from './tree/image-tree'
import type { ImageView } from './tree/image-view'
import { sizesBelow } from './tree/sizes'

type LayerCalls = Pick<Handlers, Extract<keyof Handlers, `layers.${string}`>>
type LayerFileArgs = Omit<CheckedArgs<'layers.file'>, 'offset' | 'length'>

export interface Layers {
  readonly handlers: LayerCalls
  /** The bytes behind a download. */
  readonly download: (asked: LayerFileArgs, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>
}

export function createLayers(deps: LayersDeps): Layers {
  const reader = new ImageReader(deps)
  const questions = new Questions(reader)
  return {
    download: async (asked, signal) => (await questions.file({ ...asked, offset: 0 }, signal)).bytes,
    handlers: {
      'layers.read': async function* (ref, { signal }) {
        const image = yield* withProgress(
          (onProgress, own) => reader.read(ref, { signal: own, onProgress }),
          signal,
        )
        yield { kind: 'ready', summary: image.summary }
      },
      'layers.children': async ({ path, ...asked }, signal) => {
        const view = await questions.view(asked, signal)
        return listChildren(view, folderAt(view, path), asked)
      },
      'layers.entry': async ({ path, ...asked }, signal) => {
        const view = await questions.view(asked, signal)
        return view.entry(shownAt(view, path))
      },
      'layers.find': async (asked, signal) => findNames(await questions.view(asked, signal), asked),
      'layers.wasted': async ({ limit, ...ref }, signal) => {
        const { paths } = (await reader.read(ref, { signal })).waste
        return { paths: paths.slice(0, limit), total: paths.length }
      },
      'layers.sizes': async ({ path, ...asked }, signal) => {
        const view = await questions.view(asked, signal)
        return sizesBelow(view, folderAt(view, path), asked)
      },
      'layers.file': async function* (asked, { signal }) {
        const { entry, bytes } = await questions.file(asked, signal)
        yield { kind: 'head', entry }
        yield* bytes
      },
      ...compareHandlers(reader),
      'layers.changes': (asked, { signal }) => watchChanges({ ...deps, reader }, asked, signal),
    },
  }
}

interface Place extends ImageRef {
  readonly view: LayerView
  readonly layer: number
}

class Questions {
  constructor(private readonly reader: ImageReader) {}

  async view(place: Place, signal: AbortSignal): Promise<ImageView> {
    return viewOf(await this.reader.read(place, { signal }), place)
  }

  async file({ path, offset, length, ...place }: CheckedArgs<'layers.file'>, signal: AbortSignal) {
    const image = await this.reader.read(place, { signal })
    const view = viewOf(image, place)
    const shown = shownAt(view, path)
    const deps = this.reader.contentDeps(place.engine, signal)
    const bytes = fileBytes(image, { shown, part: { offset, length } }, deps)
    return { entry: view.entry(shown), bytes }
  }
}

function viewOf(image: ImageLayers, { view, layer }: Place): ImageView {
  if (layer < image.layers.length) return image.view(view, layer)
  throw new AppError('object.not-found', 'The image has no such layer', { facts: { what: 'layer', layer } })
}

function folderAt(view: ImageView, path: string): PathNode {
  const node = find(view.tree, path)
  if (node && (!node.parent || view.shown(node))) return node
  throw new AppError('object.not-found', 'There is no such folder in this layer', {
    facts: { what: 'path', path: path.slice(0, 500) },
  })
}

export type { LayersDeps }
