import { join, resolve } from 'node:path'
import { hostArch } from '../../scripts/vm/arch'
import { buildImage, readManifest } from '../../scripts/vm/build-image'
import type { Manifest } from '../../src/main/core/machines/image/manifest'

const root = resolve(import.meta.dirname, '../..')

/** The image as the sources are now: built when they changed. */
export async function builtImage(): Promise<{ dir: string; manifest: Manifest }> {
  const assets = join(root, 'vm-assets')
  const { dir } = await buildImage({
    ...{ arch: hostArch(), root, outDir: join(assets, '.out'), cacheDir: join(assets, '.cache') },
    ...{ isFresh: false, isForced: false, say: () => undefined },
  })
  return { dir, manifest: await readManifest(dir) }
}
