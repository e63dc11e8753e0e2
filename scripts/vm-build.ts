// `npm run vm:build [-- --arch amd64|arm64] [--out DIR] [--update] [--force]`: the machine's image, from
// Debian's signed packages. See docs/vm-image.md.
import { resolve, join } from 'node:path'
import { parseArgs } from 'node:util'
import { archs, hostArch, type Arch } from './vm/arch'
import { buildImage, readManifest } from './vm/build-image'

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
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
