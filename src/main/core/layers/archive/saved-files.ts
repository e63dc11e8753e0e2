import { createHash } from 'node:crypto'
import { readTar, type TarEntry } from '../../platform/tar/read-tar'
import { asImageFault, damagedImage } from './damaged-image'
import { formBytes, formOf, unpacked } from './open-layer'
import { nameOf } from './read-archive'

export interface FilePart {
  readonly offset: number
  readonly length?: number | undefined
}

/**
 * The bytes of one file of one layer: reads until they were found, then no further. `at` counts the entries of the
 * layer's tar: a name may stand in it twice.
 */
export async function* readSavedFile(
  bytes: AsyncIterable<Uint8Array>,
  wanted: SavedFile,
  part: FilePart,
): AsyncGenerator<Uint8Array> {
  try {
    yield* findSavedFile(bytes, wanted, part)
  } catch (error) {
    throw asImageFault(error)
  }
}

interface SavedFile {
  readonly blob: string
  readonly at: number
}

async function* findSavedFile(
  bytes: AsyncIterable<Uint8Array>,
  wanted: SavedFile,
  { offset, length = Infinity }: FilePart,
): AsyncGenerator<Uint8Array> {
  const only = new Map([[wanted.blob, new Set([wanted.at])]])
  for await (const { entry } of wantedFiles(bytes, only)) {
    if (entry.header.isSparse) throw damagedImage('the file has holes in a form that is not read')
    yield* part(entry.body(), offset, length)
    return
  }
  throw damagedImage('the file is not in its layer')
}

async function* part(
  bytes: AsyncIterable<Buffer>,
  offset: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  let skip = offset
  let left = length
  for await (const piece of bytes) {
    if (left <= 0) return
    const wanted = piece.subarray(Math.min(skip, piece.length)).subarray(0, left)
    skip -= Math.min(skip, piece.length)
    left -= wanted.length
    if (wanted.length > 0) yield wanted
  }
}

/** Of each blob, which entries of its tar are wanted, by their number. */
type WantedFiles = ReadonlyMap<string, { has(at: number): boolean }>

/** Gives the SHA-256, in base64, of files' bytes: reads the archive once through. What has holes is left out. */
export async function* savedDigests(
  bytes: AsyncIterable<Uint8Array>,
  wanted: WantedFiles,
): AsyncGenerator<SavedFile & { readonly digest: string }> {
  try {
    for await (const { blob, at, entry } of wantedFiles(bytes, wanted)) {
      if (entry.header.isSparse) continue
      const hash = createHash('sha256')
      for await (const piece of entry.body()) hash.update(piece)
      yield { blob, at, digest: hash.digest('base64') }
    }
  } catch (error) {
    throw asImageFault(error)
  }
}

async function* wantedFiles(
  bytes: AsyncIterable<Uint8Array>,
  wanted: WantedFiles,
): AsyncGenerator<SavedFile & { readonly entry: TarEntry }> {
  for await (const outer of readTar(bytes)) {
    const blob = nameOf(outer.header.name)
    const numbers = wanted.get(blob)
    if (!numbers || outer.header.kind !== 'file') continue
    const form = formOf(await outer.peek(formBytes))
    let at = -1
    for await (const entry of readTar(unpacked(form, outer.body())))
      if (numbers.has(++at)) yield { blob, at, entry }
  }
}
