import { AppError } from '../../../shared/errors'
import { readStream } from '../agent/read-stream'
import { readSavedFile, type FilePart } from './archive/saved-files'
import type { ImageLayers } from './image-layers'
import { saveImage, type ContentDeps } from './image-reader'
import type { ImageView, Shown } from './tree/image-view'
import { find, pathOf } from './tree/image-tree'

/** What a view shows at a path. Throws `object.not-found`. */
export function shownAt(view: ImageView, path: string): Shown {
  const node = find(view.tree, path)
  const shown = node?.parent && view.shown(node)
  if (shown) return shown
  throw new AppError('object.not-found', 'There is no such path in this layer', {
    facts: { what: 'path', path: path.slice(0, 500) },
  })
}

/**
 * The bytes of a file, from the layer that holds what is shown; of a removed one, from the layer that had it. Throws
 * `request.invalid` for what is no file: links are not followed.
 */
export function fileBytes(
  image: ImageLayers,
  { shown, part }: { shown: Shown; part: FilePart },
  deps: ContentDeps,
): AsyncIterable<Uint8Array> {
  if (shown.node.kind !== 'file')
    throw new AppError('request.invalid', 'It is no regular file', {
      facts: { path: pathOf(shown.path).slice(0, 500), detail: 'not a regular file' },
    })
  const layer = holderOf(shown)
  if (image.source.road === 'save') {
    const blob = image.source.blobs[layer] ?? ''
    return fromSave(image, { blob, at: shown.node.at ?? -1, part }, deps)
  }
  const chainId = image.source.layers[layer]?.chainId ?? ''
  return fromAgent({ chainId, path: pathOf(shown.path), part }, deps)
}

/** The layer whose version this is, or the last one before it was removed. */
function holderOf({ path, version, node }: Shown): number {
  if (version.node) return version.layer
  return (
    path.versions.findLast((one) => one.node === node && one.layer < version.layer)?.layer ?? version.layer
  )
}

async function* fromSave(
  { id }: ImageLayers,
  { blob, at, part }: { blob: string; at: number; part: FilePart },
  { engine, signal }: ContentDeps,
): AsyncGenerator<Uint8Array> {
  const tar = await saveImage(engine, id, signal)
  try {
    yield* readSavedFile(tar as AsyncIterable<Uint8Array>, { blob, at }, part)
  } finally {
    tar.destroy()
  }
}

async function* fromAgent(
  { chainId, path, part }: { chainId: string; path: string; part: FilePart },
  { host, signal }: ContentDeps,
): AsyncGenerator<Uint8Array> {
  if (!host) throw new AppError('engine.unsupported', 'The agent is gone', { facts: { what: 'agent' } })
  const { offset, length } = part
  const args = {
    ...{ root: host.root, chainId, path, isEscaped: true, offset },
    ...(length !== undefined && { length }),
  }
  for await (const bytes of readStream(host.agent, { method: 'layers.file', args }, signal))
    yield bytes as Buffer
}
