import { join, resolve } from 'node:path'
import { hostArch } from '../../scripts/vm/arch'
import { buildImage } from '../../scripts/vm/build-image'

/** The machine's image as the sources are now, before the first test: whichever file comes first finds it. */
export async function setup(): Promise<void> {
  const root = resolve(import.meta.dirname, '../..')
  const assets = join(root, 'vm-assets')
  await buildImage({
    ...{ arch: hostArch(), root, outDir: join(assets, '.out'), cacheDir: join(assets, '.cache') },
    ...{ isFresh: false, isForced: false, say: (text) => process.stdout.write(`${text}\n`) },
  })
}
