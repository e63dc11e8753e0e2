import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Arch } from '../arch'
import { acquireSettings, mirrorOfHost, sourceLines } from './debian-mirror'
import { readList } from '../root/list-file'
import { runTool } from '../shell'

/** One package of Debian, of exactly these bytes. */
export interface Package {
  readonly name: string
  readonly version: string
  readonly arch: string
  readonly sha256: string
  readonly sizeBytes: number
}

interface Resolved {
  readonly askedAtMs: number
  /** Of what was asked for and where: another question makes the answer worthless. */
  readonly question: string
  readonly packages: readonly Package[]
}

/** Debian's index is asked once a day; security updates come with the next build after that. */
const maxAgeMs = 86_400_000

export interface ResolveOptions {
  readonly arch: Arch
  readonly cacheDir: string
  readonly listFile: string
  /** Asks the index even when it was asked today. */
  readonly isFresh: boolean
}

/** The newest version of each package that is needed, and of all that they depend on. */
export async function resolvePackages(options: ResolveOptions): Promise<readonly Package[]> {
  const { arch, cacheDir } = options
  const wanted = await wantedPackages(options.listFile, arch)
  const sources = sourceLines(await mirrorOfHost())
  const question = createHash('sha256')
    .update(JSON.stringify([arch, wanted, sources]))
    .digest('hex')
  const file = join(cacheDir, 'packages.json')
  const known = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Resolved,
    () => undefined,
  )
  if (known?.question === question && !options.isFresh && Date.now() - known.askedAtMs < maxAgeMs) {
    return known.packages
  }
  const env = { APT_CONFIG: await aptConfig({ arch, dir: join(cacheDir, 'apt'), sources }) }
  await runTool('apt-get', ['update', '-q', '--error-on=any'], { env })
  const uris = await runTool('apt-get', ['install', '-y', '-q', '--print-uris', ...wanted], { env })
  const exact = parseUris(uris)
  const packages = parseIndex(await runTool('apt-cache', ['show', '--no-all-versions', ...exact], { env }))
  if (exact.length < wanted.length || packages.length !== exact.length)
    throw new Error(`apt named ${packages.length} of the ${exact.length} packages that are needed`)
  await writeFile(file, JSON.stringify({ askedAtMs: Date.now(), question, packages } satisfies Resolved))
  return packages
}

async function wantedPackages(listFile: string, arch: Arch): Promise<string[]> {
  const lines = await readList(listFile)
  return lines.flatMap(([name, only]) => (name && (only === undefined || only === arch) ? [name] : []))
}

/** A world of its own for apt: no root, nothing of the host but how it fetches. */
async function aptConfig(world: { arch: Arch; dir: string; sources: readonly string[] }): Promise<string> {
  const { arch, dir, sources } = world
  for (const name of ['lists/partial', 'cache/archives/partial', 'etc/preferences.d', 'etc/apt.conf.d'])
    await mkdir(join(dir, name), { recursive: true })
  await writeFile(join(dir, 'status'), '')
  await writeFile(join(dir, 'etc/sources.list'), `${sources.join('\n')}\n`)
  const lines = [
    await acquireSettings(),
    `Dir::State "${dir}";`,
    `Dir::State::lists "${dir}/lists";`,
    `Dir::State::status "${dir}/status";`,
    `Dir::Cache "${dir}/cache";`,
    `Dir::Etc "${dir}/etc";`,
    `Dir::Log "${dir}";`,
    `APT::Architecture "${arch}";`,
    `APT::Architectures { "${arch}"; };`,
    'APT::Install-Recommends "false";',
    'APT::Sandbox::User "";',
    'Acquire::Languages "none";',
  ]
  const file = join(dir, 'apt.conf')
  await writeFile(file, lines.join('\n'))
  return file
}

/** `'URI' name_version_arch.deb SIZE …` a line; the checksum there may be an old one, so it is asked for apart. */
export function parseUris(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, name, version] = /^'[^']+' ([^_ ]+)_([^_ ]+)_[^_ ]+\.deb /.exec(line.trim()) ?? []
    return name && version ? [`${name}=${decodeURIComponent(version)}`] : []
  })
}

/** Paragraphs of a Packages index (deb822), sorted by name. */
export function parseIndex(text: string): Package[] {
  const found = text.split(/\n\n+/).flatMap((paragraph) => {
    const field = (key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(paragraph)?.[1] ?? ''
    const sha256 = field('SHA256')
    if (!sha256) return []
    const [name, version, arch] = [field('Package'), field('Version'), field('Architecture')]
    return [{ name, version, arch, sha256, sizeBytes: Number(field('Size')) }]
  })
  const unique = new Map(found.map((one) => [one.name, one]))
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
