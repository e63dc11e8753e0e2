import { damagedImage } from './damaged-image'

/** What a saved image says of itself: which blobs are its layers, and its configuration. */
export interface SavedImage {
  /** Names of the archive's entries, the lowest layer first. */
  readonly layers: readonly string[]
  readonly diffIds: readonly string[]
  readonly config: SavedConfig
}

export interface SavedConfig {
  readonly rootfs?: { readonly diff_ids?: readonly string[] }
  readonly history?: readonly SavedHistory[]
}

export interface SavedHistory {
  readonly created?: string
  readonly created_by?: string
  readonly empty_layer?: boolean
}

/** Small files of the archive by name, and what its links mean. */
export interface ArchiveFiles {
  readonly texts: ReadonlyMap<string, string>
  readonly has: (name: string) => boolean
}

/**
 * The first image of an archive: docker's `manifest.json`, which every engine and Podman write, or else OCI's
 * `index.json`. Throws `image.damaged`.
 */
export function findImage(files: ArchiveFiles): SavedImage {
  const { config, layers } = fromManifest(files) ?? fromIndex(files)
  const diffIds = (config.rootfs?.diff_ids ?? []).filter((id) => typeof id === 'string')
  if (diffIds.length !== layers.length) throw damagedImage('layers and configuration do not match')
  return { layers, diffIds, config }
}

interface Found {
  readonly config: SavedConfig
  readonly layers: readonly string[]
}

function fromManifest(files: ArchiveFiles): Found | undefined {
  const manifest = json(files, 'manifest.json') as { Config?: unknown; Layers?: unknown }[] | undefined
  const [first] = Array.isArray(manifest) ? manifest : []
  if (!first) return undefined
  const config = json(files, String(first.Config))
  if (!isObject(config)) throw damagedImage('it has no configuration')
  return { config, layers: strings(first.Layers) }
}

interface Descriptor {
  readonly digest?: unknown
}

/** Source: OCI image-spec, image-layout.md. An index may hold others, one a platform. */
function fromIndex(files: ArchiveFiles, name = 'index.json', depth = 0): Found {
  const index = json(files, name) as { manifests?: unknown; config?: unknown; layers?: unknown } | undefined
  if (!isObject(index) || depth > 4) throw damagedImage('it names no image')
  if (isObject(index.config) && Array.isArray(index.layers)) {
    const config = json(files, blobName(index.config))
    if (!isObject(config)) throw damagedImage('it has no configuration')
    return { config, layers: index.layers.map((layer) => blobName(layer as Descriptor)) }
  }
  return firstOf(files, Array.isArray(index.manifests) ? index.manifests : [], depth)
}

function firstOf(files: ArchiveFiles, manifests: readonly unknown[], depth: number): Found {
  for (const one of manifests) {
    const blob = isObject(one) ? blobName(one) : ''
    if (!files.texts.has(blob)) continue
    const found = tryIndex(files, blob, depth)
    // Other platforms are named and not there; an attestation's layers are no tars.
    if (found?.layers.every((layer) => files.has(layer))) return found
  }
  throw damagedImage('it names no image')
}

function tryIndex(files: ArchiveFiles, blob: string, depth: number): Found | undefined {
  try {
    return fromIndex(files, blob, depth + 1)
  } catch {
    return undefined
  }
}

const blobName = ({ digest }: Descriptor): string => `blobs/${String(digest).replace(':', '/')}`

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []

function json({ texts }: ArchiveFiles, name: string): unknown {
  const text = texts.get(name)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
