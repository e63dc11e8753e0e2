import { copyFile, link, mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { constants } from 'node:fs'
import { join } from 'node:path'
import { log } from '../../platform/log'
import type { ImageFiles } from '../vm/backend'
import { parseManifest, type ImageArch, type Manifest } from './manifest'

export interface KeptImage {
  readonly manifest: Manifest
  readonly dir: string
  /** When it came here. */
  readonly sinceMs: number
}

/** The images of this data folder, a folder each. A folder has its name only when all of it is there. */
export class KeptImages {
  constructor(
    readonly dir: string,
    private readonly arch: ImageArch,
  ) {}

  /** Those that this computer can run and of which no file is missing or cut; the newest first. */
  async list(): Promise<KeptImage[]> {
    const names = await readdir(this.dir).catch(() => [])
    const found = await Promise.all(
      names.filter((name) => /^[0-9a-f]{32}$/.test(name)).map((id) => this.get(id)),
    )
    const usable = found.filter((one) => one !== undefined)
    return usable.sort((a, b) => b.manifest.epochS - a.manifest.epochS || b.sinceMs - a.sinceMs)
  }

  async get(id: string): Promise<KeptImage | undefined> {
    const dir = join(this.dir, id)
    try {
      const manifest = await readWhole(dir)
      if (manifest.id !== id || manifest.arch !== this.arch) return undefined
      return { manifest, dir, sinceMs: (await stat(dir)).mtimeMs }
    } catch {
      return undefined
    }
  }

  /** A place to put an image together, the same for the same image so that a cut download goes on. */
  async prepare(id: string): Promise<string> {
    const beside = join(this.dir, `.fetching-${id}`)
    await mkdir(beside, { recursive: true, mode: 0o700 })
    return beside
  }

  /** Takes what `prepare` gave as the image. */
  async finish(id: string): Promise<KeptImage> {
    const dir = join(this.dir, id)
    await rm(dir, { recursive: true, force: true })
    await rename(join(this.dir, `.fetching-${id}`), dir)
    const kept = await this.get(id)
    if (!kept) throw new Error(`The image ${id} is not whole`)
    return kept
  }

  /** Takes an image in that was built elsewhere on this computer; costs no room where links are possible. */
  async adopt(from: string): Promise<KeptImage> {
    const manifest = await readWhole(from)
    const there = await this.get(manifest.id)
    if (there) return there
    const beside = await this.prepare(manifest.id)
    for (const name of [...manifest.files.map((file) => file.name), 'manifest.json']) {
      await rm(join(beside, name), { force: true })
      await link(join(from, name), join(beside, name)).catch(() =>
        copyFile(join(from, name), join(beside, name), constants.COPYFILE_FICLONE),
      )
    }
    return this.finish(manifest.id)
  }

  /** Takes away what no machine needs: all but the newest, those in use, and half-fetched ones of others. */
  async removeUnused(usedIds: readonly string[]): Promise<void> {
    const [newest] = await this.list()
    const keep = new Set([...usedIds, ...(newest ? [newest.manifest.id] : [])])
    for (const name of await readdir(this.dir).catch(() => [])) {
      const id = /^(?:\.fetching-)?([0-9a-f]{32})$/.exec(name)?.[1]
      if (!id || (name === id && keep.has(id)) || (name !== id && !newest)) continue
      log.info('machines', 'image removed', { name })
      await rm(join(this.dir, name), { recursive: true, force: true })
    }
  }
}

/** The manifest of a folder that has all its files at their full size. */
async function readWhole(dir: string): Promise<Manifest> {
  const manifest = parseManifest(await readFile(join(dir, 'manifest.json'), 'utf8'))
  for (const file of manifest.files) {
    const { size } = await stat(join(dir, file.name))
    if (size !== file.sizeBytes) throw new Error(`${file.name} has ${size} bytes`)
  }
  return manifest
}

export const filesOf = ({ manifest, dir }: KeptImage): ImageFiles => ({
  id: manifest.id,
  kernel: join(dir, 'vmlinuz'),
  initrd: join(dir, 'initrd.img'),
  root: join(dir, 'root.erofs'),
})
