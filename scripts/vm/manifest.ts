import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ManifestFile, ManifestPackage } from '../../src/main/core/machines/image/manifest'
import { licencesIn } from './packages/copyright'
import type { Package } from './packages/resolve-packages'
import { runTool } from './shell'
import { sha256Of, type Unpacked } from './packages/unpack-packages'

/** Which package each file comes from, by the packages' own lists of checksums. */
async function filesOf(deb: string): Promise<string[]> {
  const sums = await runTool('dpkg-deb', ['--info', deb, 'md5sums']).catch(() => '')
  return sums.split('\n').flatMap((line) => {
    const path = /^[0-9a-f]{32}\s+(.+)$/.exec(line)?.[1]
    return path ? [path] : []
  })
}

/** The packages of which a file is used, with licence; what was only unpacked with them is not in the image. */
export async function usedPackages(
  packages: readonly Package[],
  unpacked: Unpacked,
  usedFiles: ReadonlySet<string>,
): Promise<ManifestPackage[]> {
  const debs = await readdir(unpacked.debs)
  const all = await Promise.all(
    packages.map(async (one) => {
      const deb = debs.find((name) => name.startsWith(`${one.name}_`))
      const paths = deb ? await filesOf(join(unpacked.debs, deb)) : []
      const files = paths.filter((path) => usedFiles.has(path)).length
      const copyright = join(unpacked.tree, 'usr/share/doc', one.name, 'copyright')
      const licence = licencesIn(await readFile(copyright, 'utf8').catch(() => ''))
      return { ...one, licence, files }
    }),
  )
  return all.filter(({ files }) => files > 0)
}

/** Every licence asks to come along with the program: the packages' own copyright files, one after the other. */
export async function licenceTexts(tree: string, packages: readonly ManifestPackage[]): Promise<string> {
  const texts = packages.map(async ({ name, version }) => {
    const file = join(tree, 'usr/share/doc', name, 'copyright')
    const text = await readFile(file, 'utf8').catch(() => `See https://packages.debian.org/${name}\n`)
    return `==== ${name} ${version} ====\n\n${text.trimEnd()}\n\n`
  })
  return (await Promise.all(texts)).join('')
}

export async function describeFile(folder: string, name: string): Promise<ManifestFile> {
  const path = join(folder, name)
  const { size } = await stat(path)
  return { name, sizeBytes: size, sha256: await sha256Of(path) }
}
