// `npm run vm:build [-- --arch amd64|arm64] [--out DIR] [--update] [--force]`: the machine's image, from
// Debian's signed packages. See docs/vm-image.md.
import { rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { archs, hostArch, type Arch } from './vm/arch'
import { buildImage, builtImages, readManifest } from './vm/build-image'

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: hostArch() },
    out: { type: 'string' },
    cache: { type: 'string' },
    update: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
  },
})

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

async function main(): Promise<void> {
  const root = resolve(import.meta.dirname, '..')
  const arch = archs.find((one) => one === values.arch)
  if (!arch) throw new Error(`--arch is one of ${archs.join(', ')}`)
  const startedMs = performance.now()
  const built = await buildImage({
    arch: arch satisfies Arch,
    root,
    outDir: values.out ? resolve(values.out) : join(root, 'vm-assets/.out'),
    cacheDir: resolve(values.cache ?? join(root, 'vm-assets/.cache')),
    isFresh: values.update,
    isForced: values.force,
    say: (text) => console.log(`  ${text}`),
  })
  const { files, packages, kernel } = await readManifest(built.dir)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(
    built.wasThere
      ? `Nothing has changed: the image ${built.id} is there (${seconds} s)`
      : `Built ${built.id} in ${seconds} s: kernel ${kernel}, ${packages.length} packages`,
  )
  for (const { name, sizeBytes } of files)
    console.log(`  ${name.padEnd(16)} ${megabytes(sizeBytes).padStart(10)}`)
  console.log(`  in ${built.dir}`)
  if (!values.out) await removeOld(dirname(built.dir))
}

/** The newest few stay, so that `vm:diff` has something to compare; each takes 430 MB. */
const keptImages = 6

async function removeOld(outDir: string): Promise<void> {
  const ids = await builtImages(outDir)
  const aged = await Promise.all(ids.map(async (id) => ({ id, ms: (await stat(join(outDir, id))).mtimeMs })))
  const old = aged.sort((a, b) => b.ms - a.ms).slice(keptImages)
  for (const { id } of old) await rm(join(outDir, id), { recursive: true, force: true })
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
