// `npm run vm:release -- --key FILE [--arch amd64|arm64] [--out DIR]`: packs and signs an image for download.
// `--new-key FILE` makes a key. See docs/vm-image.md.
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { hostArch } from './vm/arch'
import { newReleaseKey, packForRelease, signRelease } from './vm/release-image'

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: hostArch() },
    out: { type: 'string' },
    key: { type: 'string' },
    'new-key': { type: 'string' },
  },
})

async function main(): Promise<void> {
  if (values['new-key']) {
    console.log(`Public key: ${await newReleaseKey(resolve(values['new-key']))}`)
    return
  }
  const images = resolve(import.meta.dirname, '../vm-assets/.out')
  const id = (await readFile(join(images, `current-${values.arch}`), 'utf8')).trim()
  const packed = await packForRelease(join(images, id), resolve(values.out ?? join(images, 'release')))
  for (const { name, sizeBytes, packed: file } of packed.manifest.files)
    console.log(`  ${name.padEnd(16)} ${megabytes(sizeBytes)} ${megabytes(file?.sizeBytes ?? sizeBytes)}`)
  console.log(`Download of ${id}: ${megabytes(packed.sizeBytes)} (goal: at most 140 MB)`)
  if (values.key) console.log(`Signed; public key ${await signRelease(packed, resolve(values.key))}`)
  else console.log('Not signed: no --key')
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`.padStart(10)

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
