import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Arch } from '../arch'
import { acquireSettings, keyring, mirrorOfHost, sourceLines, suite } from './debian-mirror'
import type { Package } from './resolve-packages'
import { runTool } from '../shell'

export interface Unpacked {
  /** The files of all packages. Nothing of them has been run. */
  readonly tree: string
  /** The packages as they came. */
  readonly debs: string
}

interface UnpackOptions {
  readonly arch: Arch
  readonly cacheDir: string
  readonly packages: readonly Package[]
  readonly say: (text: string) => void
}

/** Fetches exactly these packages, checked by Debian's signature and again by our list, and unpacks them once. */
export async function unpackPackages(options: UnpackOptions): Promise<Unpacked> {
  const { cacheDir, packages } = options
  const key = createHash('sha256').update(JSON.stringify(packages)).digest('hex').slice(0, 16)
  const tree = join(cacheDir, `tree-${key}`)
  const unpacked = { tree, debs: join(tree, 'var/cache/apt/archives') }
  if (await exists(tree)) return unpacked
  await removeOld(cacheDir)
  options.say(`fetching and unpacking ${packages.length} packages`)
  const beside = join(cacheDir, `unpacking-${process.pid}`)
  await bootstrap(options, beside)
  await checkDebs(join(beside, 'var/cache/apt/archives'), packages)
  const [version] = await readdir(join(beside, 'usr/lib/modules'))
  // depmod looks where modules were before everything moved to usr.
  await symlink('usr/lib', join(beside, 'lib')).catch(() => undefined)
  await runTool('depmod', ['-b', beside, version ?? ''])
  await rename(beside, tree)
  return unpacked
}

async function bootstrap({ arch, cacheDir, packages }: UnpackOptions, into: string): Promise<void> {
  await rm(into, { recursive: true, force: true })
  await mkdir(cacheDir, { recursive: true })
  const aptopt = join(cacheDir, 'acquire.conf')
  await writeFile(aptopt, await acquireSettings())
  const exact = packages.map(({ name, version }) => `${name}=${version}`)
  await runTool('fakeroot', [
    'mmdebstrap',
    // Nothing of the packages is run: that is what makes it need no root, and no emulator for arm64.
    '--mode=chrootless',
    '--variant=extract',
    `--architectures=${arch}`,
    `--include=${exact.join(',')}`,
    `--keyring=${keyring}`,
    `--aptopt=${aptopt}`,
    '--aptopt=APT::Install-Recommends "false"',
    '--skip=essential/unlink,cleanup/apt,output/dev',
    '--format=directory',
    suite,
    into,
    ...sourceLines(await mirrorOfHost()),
  ])
}

async function checkDebs(folder: string, packages: readonly Package[]): Promise<void> {
  const wanted = new Map(packages.map((one) => [one.sha256, one.name]))
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.deb'))) {
    if (!wanted.delete(await sha256Of(join(folder, name)))) throw new Error(`${name} is not on our list`)
  }
  if (wanted.size > 0) throw new Error(`These packages did not come: ${[...wanted.values()].join(' ')}`)
}

/** Old trees are half a gigabyte each. */
async function removeOld(cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir).catch(() => [])
  const old = names.filter((name) => /^(tree|unpacking)-/.test(name))
  await Promise.all(old.map((name) => rm(join(cacheDir, name), { recursive: true, force: true })))
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
