import { readStream } from '../agent/read-stream'
import type { AgentImage } from './agent-layers'
import { savedDigests } from './archive/saved-files'
import type { ImageLayers, LayerSource } from './image-layers'
import { saveImage, type ContentDeps } from './image-reader'
import { pathOf } from './tree/image-tree'
import type { Shown } from './tree/image-view'
import type { LayerNode } from './tree/layer-node'

/** Of a request to the agent, which may have 1 MiB. */
const requestBytes = 256 * 1024

interface Learning {
  readonly deps: ContentDeps
  /** Hears of each file that was read. */
  readonly onFile: (node: LayerNode) => void
}

/**
 * Has the digests of files' contents read, by the road that the image was read by; they stay with their nodes. What
 * has one is not read again. An agent of before that gives none leaves them unknown.
 */
export function learnDigests(
  { source, id }: ImageLayers,
  files: readonly Shown[],
  learning: Learning,
): Promise<void> {
  const byLayer = new Map<number, Shown[]>()
  for (const file of files) {
    if (file.node.digest !== undefined) continue
    const same = byLayer.get(file.version.layer)
    if (same) same.push(file)
    else byLayer.set(file.version.layer, [file])
  }
  if (byLayer.size === 0) return Promise.resolve()
  return source.road === 'agent'
    ? fromAgent(source, byLayer, learning)
    : fromSave({ id, blobs: source.blobs }, byLayer, learning)
}

type ByLayer = ReadonlyMap<number, readonly Shown[]>

async function fromAgent(
  { layers }: Extract<LayerSource, { road: 'agent' }>,
  byLayer: ByLayer,
  learning: Learning,
): Promise<void> {
  const { host } = learning.deps
  if (!host?.agent.hello.features.includes('layers.digests')) return
  for (const [layer, files] of byLayer)
    for (const request of requests(files))
      await askAgent(host, { chainId: layers[layer]?.chainId ?? '', files: request }, learning)
}

async function askAgent(
  { agent, root }: AgentImage,
  { chainId, files }: { chainId: string; files: readonly Shown[] },
  { deps: { signal }, onFile }: Learning,
): Promise<void> {
  const paths = files.map(({ path }) => pathOf(path))
  const asked = { method: 'layers.digests', args: { root, chainId, paths, isEscaped: true } }
  let next = 0
  for await (const batch of readStream(agent, asked, signal))
    for (const digest of batch as unknown[]) {
      const node = files[next++]?.node
      if (!node) break
      node.digest = typeof digest === 'string' ? digest : ''
      onFile(node)
    }
}

function* requests(files: readonly Shown[]): Generator<readonly Shown[]> {
  let request: Shown[] = []
  let bytes = 0
  for (const file of files) {
    // As JSON a character takes six bytes at most.
    const more = pathOf(file.path).length * 6
    if (request.length > 0 && bytes + more > requestBytes) {
      yield request
      ;[request, bytes] = [[], 0]
    }
    request.push(file)
    bytes += more
  }
  yield request
}

async function fromSave(
  { id, blobs }: { id: string; blobs: readonly string[] },
  byLayer: ByLayer,
  { deps: { engine, signal }, onFile }: Learning,
): Promise<void> {
  // A layer that the image has twice is one blob; a file with several names is one entry.
  const wanted = new Map<string, Map<number, LayerNode[]>>()
  for (const [layer, files] of byLayer) {
    const blob = blobs[layer] ?? ''
    const entries = wanted.get(blob) ?? new Map<number, LayerNode[]>()
    wanted.set(blob, entries)
    for (const { node } of files) entries.set(node.at ?? -1, [...(entries.get(node.at ?? -1) ?? []), node])
  }
  const tar = await saveImage(engine, id, signal)
  try {
    for await (const { blob, at, digest } of savedDigests(tar as AsyncIterable<Uint8Array>, wanted))
      for (const node of wanted.get(blob)?.get(at) ?? []) {
        node.digest = digest
        onFile(node)
      }
  } finally {
    tar.destroy()
  }
}
