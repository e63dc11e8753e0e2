import { createHash } from 'node:crypto'
import { tar } from '../engine/tar'
import { rawTar, type RawEntry } from './raw-tar'

/** Numbers from a seed, so that what failed can be made again (mulberry32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** Names that break what is careless: bytes, line ends, directions, quotes, escapes. */
const names = [
  ...['a', 'b', 'c', 'd', 'lib', 'bin'].map((name) => Buffer.from(name)),
  Buffer.from('new\nline'),
  Buffer.from('right\u202eleft'),
  Buffer.from([0x62, 0xff, 0x5c, 0xfe]),
  Buffer.from('back\\slash'),
  Buffer.from('"quoted"<&>'),
  Buffer.from('한글 이름'),
  Buffer.from('x'.repeat(120)),
]

type Kind = 'file' | 'folder' | 'other'

/** Layers that an engine unpacks: each says the folders that it uses, and removes only what is there. */
export function randomLayers(seed: number, count: number, size: number): RawEntry[][] {
  const random = randomOf(seed)
  const there = new Map<string, Kind>()
  return Array.from({ length: count }, () => new RandomLayer(random, there).make(size))
}

class RandomLayer {
  readonly #entries: RawEntry[] = []
  readonly #own = new Map<string, Kind>()
  readonly #files: RawEntry[] = []

  constructor(
    private readonly random: (below: number) => number,
    private readonly there: Map<string, Kind>,
  ) {}

  make(size: number): RawEntry[] {
    for (let n = 0; n < size; n++) this.#step()
    for (const [path, kind] of this.#own) this.there.set(path, kind)
    return this.#entries
  }

  #step(): void {
    const folder = this.#folder()
    const name = this.#pick(names)
    const path = folder.length === 0 ? name : Buffer.concat([folder, Buffer.from('/'), name])
    const key = path.toString('latin1')
    if (this.#own.has(key) || [...this.#own.keys()].some((one) => one.startsWith(`${key}/`))) return
    if (this.random(5) === 0 && this.there.has(key)) return this.#remove(folder, { name, key })
    this.#write(path, key)
  }

  #remove(folder: Buffer, { name, key }: { name: Buffer; key: string }): void {
    const prefix = folder.length === 0 ? folder : Buffer.concat([folder, Buffer.from('/')])
    this.#entries.push({ name: Buffer.concat([prefix, Buffer.from('.wh.'), name]), flag: '0' })
    this.#own.set(key, 'other')
    for (const one of [...this.there.keys()])
      if (one === key || one.startsWith(`${key}/`)) this.there.delete(one)
  }

  #write(path: Buffer, key: string): void {
    const about = {
      name: path,
      mode: this.#pick([0o644, 0o755, 0o4755, 0o2750, 0o600]),
      uid: this.random(3) * 1000,
      gid: this.random(3) * 70_000,
      mtimeS: 1_600_000_000 + this.random(1e8),
    }
    const kind = this.random(12)
    const target = this.#files[this.random(this.#files.length || 1)]
    if (kind === 0)
      this.#entries.push({ ...about, flag: '2', link: this.#pick([...names, Buffer.from('/a/../../b')]) })
    else if (kind === 1) this.#entries.push({ ...about, flag: '6' })
    else if (kind === 2) this.#entries.push({ ...about, flag: '3', device: [1, 3 + this.random(300)] })
    else if (kind <= 4 && target)
      this.#entries.push({
        ...target,
        name: path,
        flag: '1',
        link: target.name,
        data: Buffer.alloc(0),
        xattrs: {},
      })
    else {
      const data = Buffer.alloc(this.random(4) === 0 ? 0 : this.random(3000), this.random(256))
      const xattrs = this.random(4) === 0 ? { 'user.slipway': 'x', 'user.other': '1' } : {}
      const file = { ...about, flag: '0' as const, data, xattrs }
      this.#entries.push(file)
      // As archivers write them, all names of a file tell the same of it.
      this.#files.push(file)
    }
    this.#own.set(key, 'other')
    for (const one of [...this.there.keys()]) if (one.startsWith(`${key}/`)) this.there.delete(one)
  }

  /** A folder that this layer has an entry of, or now gets one of; the root now and then. */
  #folder(): Buffer {
    let path = Buffer.alloc(0)
    for (let depth = this.random(4); depth > 0; depth--) {
      const name = this.#pick(names)
      const next = path.length === 0 ? name : Buffer.concat([path, Buffer.from('/'), name])
      const key = next.toString('latin1')
      const known = this.#own.get(key)
      if (known === 'other') return path
      if (known === undefined) this.#makeFolder(next, key)
      path = next
    }
    return path
  }

  #makeFolder(path: Buffer, key: string): void {
    const isNew = this.there.get(key) !== 'folder'
    const mode = this.#pick([0o755, 0o755, 0o1777, 0o700])
    const slashed = Buffer.concat([path, Buffer.from('/')])
    this.#entries.push({ name: slashed, flag: '5', mode, mtimeS: 1_650_000_000 + this.random(1e6) })
    this.#own.set(key, 'folder')
    if (isNew || this.random(6) > 0) return
    this.#entries.push({ name: Buffer.concat([slashed, Buffer.from('.wh..wh..opq')]), flag: '0' })
    for (const one of [...this.there.keys()]) if (one.startsWith(`${key}/`)) this.there.delete(one)
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.random(from.length)] as T
  }
}

export interface RawImage {
  readonly reference: string
  readonly layers: readonly (readonly RawEntry[])[]
  readonly config?: Readonly<Record<string, unknown>>
}

/** The tar that `docker load` takes. */
export function rawImageTar({ reference, layers, config = {} }: RawImage): Buffer {
  const tars = layers.map(rawTar)
  const created = '2024-01-02T03:04:05Z'
  const text = JSON.stringify({
    ...{ architecture: process.arch === 'x64' ? 'amd64' : process.arch, os: 'linux', created, config },
    rootfs: { type: 'layers', diff_ids: tars.map((layer) => `sha256:${sha256(layer)}`) },
    history: layers.flatMap((_, n) => [
      { created, created_by: `COPY layer-${n} /` },
      { created, created_by: `ENV N=${n}`, empty_layer: true },
    ]),
  })
  const configName = `${sha256(Buffer.from(text))}.json`
  // By content, as `docker save` does: containerd's store goes on where a load of the same name was cut.
  const names = tars.map((layer) => `${sha256(layer)}/layer.tar`)
  const manifest = [{ Config: configName, RepoTags: [reference], Layers: names }]
  return tar([
    { name: configName, data: text },
    ...tars.map((data, n) => ({ name: names[n] as string, data })),
    { name: 'manifest.json', data: JSON.stringify(manifest) },
  ])
}

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex')
