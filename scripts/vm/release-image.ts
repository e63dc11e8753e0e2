import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '../../src/main/core/machines/image/manifest'
import { signManifest } from '../../src/main/core/machines/image/signature'
import { readManifest } from './build-image'
import { describeFile } from './manifest'
import { runTool } from './shell'

export interface Packed {
  /** What a server is to offer below the address that the app knows. */
  readonly dir: string
  readonly manifest: Manifest
  readonly sizeBytes: number
}

/** Level 19 takes a minute more than 12 and saves every person an eighth of the download. */
const level = '-19'

/** Packs an image for download: `ARCH/ID/NAME.zst`, and `ARCH/manifest.json`, which names the newest. */
export async function packForRelease(imageDir: string, into: string): Promise<Packed> {
  const image = await readManifest(imageDir)
  const folder = join(into, image.arch, image.id)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const files = []
  for (const file of image.files) {
    const name = `${file.name}.zst`
    // Two workers always: how the work is cut is in the bytes.
    await runTool('zstd', [
      '-q',
      level,
      '-T2',
      '--no-progress',
      join(imageDir, file.name),
      '-o',
      join(folder, name),
    ])
    files.push({ ...file, packed: await describeFile(folder, name) })
  }
  const manifest = { ...image, files }
  await writeFile(join(into, image.arch, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return { dir: into, manifest, sizeBytes: files.reduce((sum, file) => sum + file.packed.sizeBytes, 0) }
}

/** Signs what `packForRelease` made. `keyFile` is a PEM file that never leaves who releases. */
export async function signRelease({ dir, manifest }: Packed, keyFile: string): Promise<string> {
  const key = createPrivateKey(await readFile(keyFile))
  const file = join(dir, manifest.arch, 'manifest.json')
  await writeFile(`${file}.sig`, `${signManifest(await readFile(file), key)}\n`)
  return publicText(createPublicKey(key))
}

/** A new key for releases; answers the public half, as `open-images.ts` wants it. */
export async function newReleaseKey(keyFile: string): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  return publicText(publicKey)
}

function publicText(key: KeyObject): string {
  const { x = '' } = key.export({ format: 'jwk' })
  return Buffer.from(x, 'base64url').toString('base64')
}
