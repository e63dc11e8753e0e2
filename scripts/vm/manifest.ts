import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Arch } from './arch'
import { licencesIn } from './copyright'
import type { Package } from './resolve-packages'
import { runTool } from './shell'
import { sha256Of, type Unpacked } from './unpack-packages'

export interface ManifestPackage extends Package {
  /** Short names as Debian's machine-readable copyright gives them, else `see copyright`. */
  readonly licence: string
  /** How many of its files are in the image. */
  readonly files: number
}

export interface ManifestFile {
  readonly name: string
  readonly sizeBytes: number
  readonly sha256: string
}

/** What an image is and is made of; lies beside it. */
export interface Manifest {
  readonly format: 1
  /** The hash of the image's inputs. */
  readonly id: string
  readonly arch: Arch
  readonly distribution: string
  readonly kernel: string
  /** Seconds since 1970, of the newest file of the packages: the time that all files of the image carry. */
  readonly epochS: number
  readonly files: readonly ManifestFile[]
  /** Those of which something is in the image. */
  readonly packages: readonly ManifestPackage[]
}

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

export async function describeFile(folder: string, name: string): Promise<ManifestFile> {
  const path = join(folder, name)
  const { size } = await stat(path)
  return { name, sizeBytes: size, sha256: await sha256Of(path) }
}
