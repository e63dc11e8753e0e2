/** Reading through the Engine API. It has no word for a list: the tar of the folder is read, all below it included. */
import type {
  FileEntry,
  FileFindItem,
  FileList,
  FileReadItem,
  FileRemovalPlan,
  FileStat,
} from '../../../shared/model'
import { AppError } from '../../../shared/errors'
import { baseName, childPath } from '../../../shared/model'
import { entryOfHeader, kindOfHeader, partsBelow, versionOf } from './api-entry'
import type { TarHeader } from '../platform/tar/tar-header'
import { nothingIn, type Archive } from './archive'
import { notThere, nameOf, plainPath, refused } from './file-name'
import type { At, FileRange } from './road'
import { tarEntries } from './tar-entries'

/** A person waits for a list; a search may take its time. */
const listMs = 15_000
const findMs = 60_000
const planMs = 15_000
const tellEveryMs = 200
/** Two questions for each link: more would be slower than the tar. */
const maxLinksLooked = 100
/** First names of hard links whose sizes are kept. */
const maxSizesKept = 200_000

interface Below {
  readonly header: TarHeader
  readonly parts: readonly Buffer[]
}

/** The entries below a folder, until the time is over: then it ends early, and `isCut` says so. */
class FolderTar {
  isCut = false
  readonly #sizes = new Map<string, number>()

  constructor(
    private readonly archive: Archive,
    private readonly limitMs: number,
  ) {}

  readonly sizeOf = (first: Buffer): number => this.#sizes.get(first.toString('latin1')) ?? 0

  async *entries(path: string, signal: AbortSignal): AsyncGenerator<Below> {
    const until = performance.now() + this.limitMs
    const { body } = await this.archive.get(path === '/' ? '/.' : `${path}/.`, signal)
    // The engine may be walking something that gives no byte for long.
    const cut = setTimeout(() => {
      this.isCut = true
      body.destroy(new AppError('cancelled', 'The time is over'))
    }, this.limitMs)
    let top: Buffer | undefined
    try {
      for await (const { header } of tarEntries(body)) {
        if (performance.now() > until) {
          this.isCut = true
          return
        }
        if (top === undefined) top = Buffer.from(header.name)
        else yield { header, parts: partsBelow(header.name, top) }
        this.#keep(header)
      }
    } catch (error) {
      if (!this.isCut) throw error
    } finally {
      clearTimeout(cut)
      body.destroy()
    }
  }

  #keep({ kind, name, size }: TarHeader): void {
    if (kind === 'file' && this.#sizes.size < maxSizesKept) this.#sizes.set(name.toString('latin1'), size)
  }
}

export async function listByApi(archive: Archive, at: At, limit: number): Promise<FileList> {
  const path = await archive.resolve(at.path, at.signal)
  const tar = new FolderTar(archive, listMs)
  const found: { readonly raw: Buffer; readonly entry: FileEntry }[] = []
  for await (const { header, parts } of tar.entries(path, at.signal)) {
    const [raw] = parts
    if (parts.length === 1 && raw)
      found.push({ raw: Buffer.from(raw), entry: entryOfHeader(header, raw, tar.sizeOf) })
  }
  found.sort((a, b) => Buffer.compare(a.raw, b.raw))
  const told = found.slice(0, limit).map(({ entry }) => entry)
  const entries = await withTargets(archive, { ...at, path }, told)
  const cut = tar.isCut ? 'time' : found.length > limit ? 'count' : undefined
  return {
    ...{ road: 'api', path, entries, removed: [] },
    ...(cut ? { cut } : {}),
    ...(!tar.isCut && { total: found.length }),
  }
}

/** What links lead to: beside them for nothing, elsewhere by asking, but not for ever. */
async function withTargets(archive: Archive, at: At, entries: readonly FileEntry[]): Promise<FileEntry[]> {
  const beside = new Map(entries.map((entry) => [entry.name, entry]))
  let looked = 0
  const told: FileEntry[] = []
  for (const entry of entries) {
    if (!entry.link) {
      told.push(entry)
      continue
    }
    const near = beside.get(entry.link.target)
    let kind = near?.kind === 'link' ? undefined : near?.kind
    if (kind === undefined && looked++ < maxLinksLooked)
      kind = await kindOfTarget(archive, childPath(at.path, entry.name), at.signal)
    told.push({ ...entry, link: { target: entry.link.target, ...(kind && { kind }) } })
  }
  return told
}

async function kindOfTarget(archive: Archive, path: string, signal: AbortSignal) {
  const stat = await archive.look(path, signal)
  const target = stat?.linkTarget
  if (target === undefined) return undefined
  const found = await archive.look(target, signal)
  return found?.kind === 'link' ? undefined : found?.kind
}

export async function statByApi(archive: Archive, { path, signal }: At): Promise<FileStat> {
  const plain = plainPath(path)
  const { header, stat } = await archive.first(plain, signal)
  const name = baseName(plain)
  const entry = { ...entryOfHeader(header, Buffer.alloc(0), () => header.size), name }
  const isLink = entry.kind === 'link'
  const kind = isLink ? await kindOfTarget(archive, plain, signal) : undefined
  return {
    ...{ road: 'api', path: plain, version: versionOf(stat, header) },
    entry: isLink ? { ...entry, link: { target: entry.link?.target ?? '', ...(kind && { kind }) } } : entry,
  }
}

/** A last link is followed: the engine itself would give the link. */
export async function followed(archive: Archive, { path, signal }: At): Promise<string> {
  const plain = plainPath(path)
  const { kind, linkTarget } = await archive.head(plain, signal)
  if (kind !== 'link') return plain
  if (linkTarget === undefined) throw notThere(path)
  return linkTarget
}

export async function* readByApi(archive: Archive, at: At, range: FileRange): AsyncGenerator<FileReadItem> {
  const path = await followed(archive, at)
  const { body, stat } = await archive.get(path, at.signal)
  try {
    for await (const one of tarEntries(body)) {
      const { header } = one
      if (kindOfHeader(header) === 'folder') throw refused('not-a-file', path)
      if (kindOfHeader(header) === 'link') throw notThere(path)
      if (kindOfHeader(header) !== 'file') throw refused('special', path)
      const entry = { ...entryOfHeader(header, Buffer.alloc(0), () => 0), name: baseName(path) }
      yield { kind: 'head', road: 'api', entry, version: versionOf(stat, header) }
      yield* part(one.body(), range)
      return
    }
    throw nothingIn(path)
  } finally {
    body.destroy()
  }
}

async function* part(
  data: AsyncIterable<Buffer>,
  { offset, length = Infinity }: FileRange,
): AsyncGenerator<Uint8Array> {
  let at = 0
  const end = offset + length
  if (length === 0) return
  for await (const piece of data) {
    const wanted = piece.subarray(Math.max(0, offset - at), Math.max(0, Math.min(piece.length, end - at)))
    if (wanted.length > 0) yield wanted
    at += piece.length
    if (at >= end) return
  }
}

export async function* findByApi(
  archive: Archive,
  at: At,
  { name, limit }: { readonly name: string; readonly limit: number },
): AsyncGenerator<FileFindItem> {
  const path = await archive.resolve(at.path, at.signal)
  const tar = new FolderTar(archive, findMs)
  const wanted = name.toLowerCase()
  let found: FileFindItem['found'][number][] = []
  let [looked, count, toldAtMs] = [0, 0, performance.now()]
  const item = (more: { isDone: boolean; cut?: 'count' | 'time' }): FileFindItem => {
    const told: FileFindItem = { road: 'api', found, looked, ...more }
    found = []
    toldAtMs = performance.now()
    return told
  }
  for await (const { header, parts } of tar.entries(path, at.signal)) {
    looked++
    const last = parts.at(-1)
    if (last && nameOf(last).name.toLowerCase().includes(wanted)) {
      if (count++ >= limit) {
        yield item({ isDone: true, cut: 'count' })
        return
      }
      const full = parts.reduce((folder, one) => childPath(folder, nameOf(one).name), path)
      const { kind, sizeBytes } = entryOfHeader(header, last, tar.sizeOf)
      found.push({ path: full, kind, sizeBytes })
    }
    if (performance.now() - toldAtMs >= tellEveryMs) yield item({ isDone: false })
  }
  yield item({ isDone: true, ...(tar.isCut && { cut: 'time' as const }) })
}

export async function planByApi(archive: Archive, at: At): Promise<FileRemovalPlan> {
  const path = plainPath(at.path)
  const { header } = await archive.first(path, at.signal)
  const isFolder = kindOfHeader(header) === 'folder'
  const plan = {
    files: isFolder ? 0 : 1,
    folders: isFolder ? 1 : 0,
    sizeBytes: isFolder ? 0 : header.size,
  }
  const tar = new FolderTar(archive, planMs)
  if (isFolder)
    for await (const entry of tar.entries(path, at.signal)) {
      if (kindOfHeader(entry.header) === 'folder') plan.folders++
      else {
        plan.files++
        plan.sizeBytes += entryOfHeader(entry.header, Buffer.alloc(0), tar.sizeOf).sizeBytes
      }
    }
  return { road: 'api', ...plan, isCut: tar.isCut, mounts: [] }
}
