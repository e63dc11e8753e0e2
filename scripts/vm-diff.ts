// `npm run vm:diff -- A B`: what changed from image A to image B; each an id, the start of one, or a folder.
import { join, resolve } from 'node:path'
import {
  diffManifests,
  type ManifestDiff,
  type PackageChange,
} from '../src/main/core/machines/image/diff-manifests'
import { builtImages, readManifest } from './vm/build-image'

const out = resolve(import.meta.dirname, '../vm-assets/.out')

async function folderOf(name: string): Promise<string> {
  if (name.includes('/')) return resolve(name)
  const found = (await builtImages(out)).filter((id) => id.startsWith(name))
  if (found.length === 1 && found[0]) return join(out, found[0])
  throw new Error(`${found.length === 0 ? 'No image' : 'More than one image'} begins with ${name}`)
}

async function main([from, to]: readonly string[]): Promise<void> {
  if (!from || !to) throw new Error('Say two images: npm run vm:diff -- A B')
  const [before, after] = await Promise.all(
    [from, to].map(async (name) => readManifest(await folderOf(name))),
  )
  if (!before || !after) return
  console.log(`${before.id} -> ${after.id} (${after.arch})`)
  for (const line of linesOf(diffManifests(before, after))) console.log(line)
}

function linesOf({ kernel, packages, files }: ManifestDiff): string[] {
  const lines = [
    ...(kernel ? [`kernel ${kernel.from} -> ${kernel.to}`] : []),
    ...packages.map((one) => `${signOf(one)} ${one.name} ${[one.from, one.to].filter(Boolean).join(' -> ')}`),
    ...files.map(({ name, fromBytes, toBytes }) => `  ${name}: ${fromBytes} -> ${toBytes} bytes`),
  ]
  return lines.length > 0 ? lines : ['The same bytes']
}

const signOf = ({ from, to }: PackageChange): string =>
  from === undefined ? '+' : to === undefined ? '-' : ' '

await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
