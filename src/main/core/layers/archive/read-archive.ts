import { posix } from 'node:path'
import { ByteSource } from '../../platform/tar/byte-source'
import { readTar, type TarEntry } from '../../platform/tar/read-tar'
import { asImageFault, damagedImage } from './damaged-image'
import { LayerBuilder } from '../tree/layer-builder'
import type { LayerContent } from '../tree/layer-node'
import { findImage, type SavedImage } from './image-index'
import { formBytes, formOf, unpacked } from './open-layer'

/** Manifests and configurations; those of real images have some KiB. */
const maxTextBytes = 8 * 1024 * 1024
const maxTexts = 1000
/** More than any image of people has; a trap would fill memory. */
const maxLayerEntries = 5_000_000

export interface ArchiveProgress {
  readonly layers: number
  readonly entries: number
  readonly bytes: number
}

export interface Archive {
  readonly image: SavedImage
  /** In the order of `image.layers`. */
  readonly contents: readonly LayerContent[]
  /** The archive's name of each layer's blob, links resolved. */
  readonly blobs: readonly string[]
}

/** Reads what `docker save` gives once through, and keeps the trees of its layers: no contents, no file on disk. */
export async function readArchive(
  bytes: AsyncIterable<Uint8Array>,
  { signal, onProgress }: { signal: AbortSignal; onProgress?: (progress: ArchiveProgress) => void },
): Promise<Archive> {
  const source = new ByteSource(bytes)
  const read = new ReadBlobs(signal, (more) => onProgress?.({ ...more, bytes: source.taken }))
  try {
    for await (const entry of readTar(source)) await read.entry(entry)
  } catch (error) {
    throw asImageFault(error)
  }
  return read.finish()
}

class ReadBlobs {
  readonly #texts = new Map<string, string>()
  readonly #contents = new Map<string, LayerContent>()
  readonly #links = new Map<string, string>()
  #entries = 0

  constructor(
    private readonly signal: AbortSignal,
    private readonly tell: (progress: Omit<ArchiveProgress, 'bytes'>) => void,
  ) {}

  async entry(entry: TarEntry): Promise<void> {
    this.signal.throwIfAborted()
    const { kind, name: bytes, link, bodyBytes } = entry.header
    const name = nameOf(bytes)
    // A layer that the image has twice is a link to the first.
    if (kind === 'link') this.#links.set(name, posix.join(posix.dirname(name), link.toString()))
    else if (kind === 'hard-link') this.#links.set(name, nameOf(link))
    if (kind !== 'file') return
    const form = formOf(await entry.peek(formBytes))
    if (form !== 'other') this.#contents.set(name, await this.#layer(unpacked(form, entry.body())))
    else if (bodyBytes <= maxTextBytes && this.#texts.size < maxTexts)
      this.#texts.set(name, await text(entry))
  }

  finish(): Archive {
    const blobOf = (name: string): string => resolve(this.#links, posix.normalize(name))
    const has = (name: string): boolean => this.#contents.has(blobOf(name))
    const image = findImage({ texts: this.#texts, has })
    const blobs = image.layers.map(blobOf)
    const contents = blobs.map((blob) => {
      const content = this.#contents.get(blob)
      if (!content) throw damagedImage('a layer is not there')
      return content
    })
    return { image, contents, blobs }
  }

  async #layer(bytes: AsyncIterable<Uint8Array>): Promise<LayerContent> {
    const builder = new LayerBuilder()
    let entries = 0
    for await (const { header } of readTar(bytes)) {
      builder.add(header)
      if (++entries > maxLayerEntries) throw damagedImage(`a layer has more than ${maxLayerEntries} entries`)
      if (++this.#entries % 256 !== 0) continue
      this.signal.throwIfAborted()
      this.tell({ layers: this.#contents.size, entries: this.#entries })
    }
    this.tell({ layers: this.#contents.size + 1, entries: this.#entries })
    return builder.finish()
  }
}

export const nameOf = (bytes: Buffer): string => posix.normalize(bytes.toString('latin1'))

function resolve(links: ReadonlyMap<string, string>, name: string): string {
  let at = name
  for (let steps = 0; steps < 8; steps++) {
    const next = links.get(at)
    if (next === undefined) return at
    at = next
  }
  throw damagedImage('a layer is a link that goes round')
}

async function text(entry: TarEntry): Promise<string> {
  const parts: Buffer[] = []
  for await (const piece of entry.body()) parts.push(Buffer.from(piece))
  return Buffer.concat(parts).toString('utf8')
}
