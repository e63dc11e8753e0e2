import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors'
import type { Progress } from '../../../../shared/model'
import { fetchFile, fetchText, type FetchMore } from './fetch-file'
import type { KeptImage, KeptImages } from './kept-images'
import { parseManifest, type ImageArch, type Manifest } from './manifest'
import { checkSignature } from './signature'
import { unpackZst } from './unpack-zst'

/** Where released images are, and whose signature counts. */
export interface ReleasePlace {
  /** A folder per architecture below it. */
  readonly url: string
  /** The 32 bytes of an ed25519 key, in base64. */
  readonly publicKey: string
}

export interface Latest {
  readonly manifest: Manifest
  readonly text: Buffer
  readonly signature: string
  /** What is to be fetched for it. */
  readonly sizeBytes: number
}

/** The newest released image's description, with the signature checked before anything in it is believed. */
export async function fetchLatest(
  place: ReleasePlace,
  arch: ImageArch,
  signal: AbortSignal,
): Promise<Latest> {
  const text = await fetchText(`${place.url}/${arch}/manifest.json`, signal)
  const signature = (await fetchText(`${place.url}/${arch}/manifest.json.sig`, signal, 1024)).toString('utf8')
  checkSignature(text, signature, place.publicKey)
  const manifest = parseManifest(text.toString('utf8'))
  if (manifest.arch !== arch)
    throw new AppError('machine.image-damaged', `The machine image is for ${manifest.arch}`, {
      facts: { reason: 'arch' },
    })
  const sizeBytes = manifest.files.reduce((sum, file) => sum + (file.packed?.sizeBytes ?? file.sizeBytes), 0)
  return { manifest, text, signature, sizeBytes }
}

interface Downloading extends Pick<FetchMore, 'stallMs' | 'pauseMs'> {
  readonly place: ReleasePlace
  readonly kept: KeptImages
  readonly latest: Latest
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** Fetches, checks and unpacks an image; what an earlier try brought is used. */
export async function downloadImage(downloading: Downloading): Promise<KeptImage> {
  const { place, kept, latest, signal, progress, ...limits } = downloading
  const { manifest, text, signature, sizeBytes } = latest
  const dir = await kept.prepare(manifest.id)
  let before = 0
  for (const file of manifest.files) {
    const packed = file.packed ?? file
    const path = join(dir, packed.name)
    const onBytes = (doneBytes: number): void =>
      progress({ doneBytes: before + doneBytes, totalBytes: sizeBytes })
    const url = `${place.url}/${manifest.arch}/${manifest.id}/${packed.name}`
    await fetchFile({ ...packed, url, path }, { ...limits, signal, onBytes })
    before += packed.sizeBytes
  }
  progress({ doneBytes: sizeBytes, totalBytes: sizeBytes, note: 'Unpacking' })
  for (const file of manifest.files) {
    if (!file.packed) continue
    await unpackZst({ from: join(dir, file.packed.name), to: join(dir, file.name), file, signal })
    await rm(join(dir, file.packed.name))
  }
  await writeFile(join(dir, 'manifest.json'), text, { mode: 0o600 })
  await writeFile(join(dir, 'manifest.json.sig'), signature, { mode: 0o600 })
  return kept.finish(manifest.id)
}
