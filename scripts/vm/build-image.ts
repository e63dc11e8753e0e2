import { lstat, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { archFacts, hostArch, type Arch } from './arch'
import { suite } from './packages/debian-mirror'
import { imageId } from './image-id'
import { parseManifest, type Manifest } from '../../src/main/core/machines/image/manifest'
import { describeFile, licenceTexts, usedPackages } from './manifest'
import { imageFiles, kernelVersionOf, packImage } from './pack-image'
import { resolvePackages, type Package } from './packages/resolve-packages'
import { stageRoot } from './root/stage-root'
import { exists, unpackPackages } from './packages/unpack-packages'

export interface BuildOptions {
  readonly arch: Arch
  /** The checkout. */
  readonly root: string
  /** Where images go: a folder named by the image's id each. */
  readonly outDir: string
  readonly cacheDir: string
  /** Asks Debian's index even when it was asked today. */
  readonly isFresh: boolean
  /** Builds even when this very image is there: to compare. */
  readonly isForced: boolean
  readonly say: (text: string) => void
}

export interface Built {
  readonly id: string
  readonly dir: string
  readonly wasThere: boolean
}

/** Builds the image, unless its inputs are those of one that is there. */
export async function buildImage(options: BuildOptions): Promise<Built> {
  const { arch, root, outDir } = options
  const assets = join(root, 'vm-assets')
  const cacheDir = join(options.cacheDir, arch)
  await mkdir(cacheDir, { recursive: true })
  const listFile = join(assets, 'lists/packages.txt')
  const packages = await resolvePackages({ arch, cacheDir, listFile, isFresh: options.isFresh })
  const agent = await agentOf(root, arch)
  if (!agent) options.say('without slipway-agent, as none is built: npm run agent:build makes it')
  const folders = ['vm-assets/root', 'vm-assets/initramfs', 'scripts/vm']
  const lists = ['vm-assets/lists']
  const id = await imageId({ arch, packages, root, folders: [...folders, ...lists], ...(agent && { agent }) })
  const dir = join(outDir, id)
  if (!options.isForced && (await exists(join(dir, 'manifest.json')))) {
    await setCurrent(options, id)
    return { id, dir, wasThere: true }
  }
  const beside = join(outDir, `.building-${id}-${process.pid}`)
  try {
    await make({ ...options, cacheDir, assets, packages, id, beside, ...(agent && { agent }) })
    await rm(dir, { recursive: true, force: true })
    await rename(beside, dir)
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
  await setCurrent(options, id)
  return { id, dir, wasThere: false }
}

interface Making extends BuildOptions {
  readonly assets: string
  readonly packages: readonly Package[]
  readonly id: string
  readonly beside: string
  readonly agent?: string
}

async function make(making: Making): Promise<void> {
  const { arch, assets, packages, id, beside, say } = making
  const unpacked = await unpackPackages(making)
  const { tree } = unpacked
  const kernelVersion = await kernelVersionOf(tree)
  const stage = join(beside, 'stage')
  await mkdir(stage, { recursive: true })
  say('laying out the root file system')
  const staged = await stageRoot({ arch, tree, assets, into: stage, kernelVersion, ...agentIn(making) })
  const epochS = await newestFile(tree, staged.usedFiles)
  say('packing')
  await packImage({ id, arch, tree, assets, stage, staged, kernelVersion, epochS, into: beside })
  await rm(stage, { recursive: true })
  const used = new Set([...staged.usedFiles, `boot/vmlinuz-${kernelVersion}`, archFacts[arch].efi])
  const inImage = await usedPackages(packages, unpacked, used)
  await writeFile(join(beside, 'licences.txt'), await licenceTexts(tree, inImage))
  const manifest: Manifest = {
    format: 1,
    id,
    arch,
    distribution: `debian ${suite}`,
    kernel: kernelVersion,
    epochS,
    files: await Promise.all(imageFiles.map((name) => describeFile(beside, name))),
    packages: inImage,
  }
  await writeFile(join(beside, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

const agentIn = ({ agent }: Making): { agent?: string } => (agent ? { agent } : {})

/** Our own program beside the engine: in the image where it was built before. */
async function agentOf(root: string, arch: Arch): Promise<string | undefined> {
  const path = join(root, 'native/agent/.out', arch, 'slipway-agent')
  return (await exists(path)) ? path : undefined
}

async function newestFile(tree: string, files: ReadonlySet<string>): Promise<number> {
  const times = await Promise.all([...files].map(async (path) => (await lstat(join(tree, path))).mtimeMs))
  return Math.floor(Math.max(...times) / 1000)
}

/** Names the newest image of each architecture; the bare name is this computer's. */
async function setCurrent({ arch, outDir }: BuildOptions, id: string): Promise<void> {
  await writeFile(join(outDir, `current-${arch}`), `${id}\n`)
  if (arch === hostArch()) await writeFile(join(outDir, 'current'), `${id}\n`)
}

export async function readManifest(dir: string): Promise<Manifest> {
  return parseManifest(await readFile(join(dir, 'manifest.json'), 'utf8'))
}

/** The images that are there, by id. */
export async function builtImages(outDir: string): Promise<string[]> {
  const names = await readdir(outDir).catch(() => [])
  return names.filter((name) => /^[0-9a-f]{32}$/.test(name)).sort()
}
