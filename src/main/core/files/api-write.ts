/** Writing through the Engine API: a tar is unpacked into a folder. It is not done in one step, as the agent's is. */
import type { FileUploadDone, FileVersion } from '../../../shared/model'
import { AppError } from '../../../shared/errors'
import { baseName, childPath, parentPath } from '../../../shared/model'
import { isSameVersion, kindOfHead, versionOf } from './api-entry'
import type { Archive } from './archive'
import { bytesOf, changedMeanwhile, plainPath, refused, taken } from './file-name'
import { followed, statByApi } from './api-read'
import type { At, FileUpload, FileWrite } from './road'
import { tarEnd, tarHead, tarPadding, type NewTarEntry } from './tar/write-tar'

/** A tar tells the size first, so a file of unknown size is kept in memory until it is whole. */
const maxWriteBytes = 64 * 1024 * 1024
const maxToldSkips = 100

const nowS = (): number => Math.floor(Date.now() / 1000)

/** Who the folder belongs to: so does what is new in it. */
async function ownerOf(archive: Archive, folder: string, signal: AbortSignal) {
  const { head } = await archive.first(folder, signal)
  if (kindOfHead(head) !== 'folder') throw refused('not-a-folder', folder)
  return { uid: head.uid, gid: head.gid }
}

export async function makeFolderByApi(archive: Archive, { path, signal }: At): Promise<void> {
  const plain = plainPath(path)
  if (plain === '/' || (await archive.look(plain, signal))) throw taken(path)
  const folder = await archive.resolve(parentPath(plain), signal)
  const owner = await ownerOf(archive, folder, signal)
  const entry: NewTarEntry = {
    ...{ name: bytesOf(baseName(plain)), type: 'folder', sizeBytes: 0, mode: 0o755, mtimeS: nowS() },
    ...owner,
  }
  await archive.put(folder, whole([tarHead(entry), tarEnd()]), signal)
}

export async function chmodByApi(archive: Archive, { path, signal }: At, mode: number): Promise<boolean> {
  const plain = plainPath(path)
  const { head } = await archive.first(plain, signal)
  if (kindOfHead(head) === 'link') throw refused('link', path)
  if (kindOfHead(head) !== 'folder' || plain === '/') return false
  const { uid, gid, mtimeS } = head
  const entry: NewTarEntry = {
    ...{ name: bytesOf(baseName(plain)), type: 'folder', sizeBytes: 0, mode, uid, gid, mtimeS },
  }
  await archive.put(
    await archive.resolve(parentPath(plain), signal),
    whole([tarHead(entry), tarEnd()]),
    signal,
  )
  return true
}

async function* whole(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece)
}

export async function writeByApi(archive: Archive, at: At, write: FileWrite): Promise<FileVersion> {
  const { signal } = at
  const isThere = (await archive.look(plainPath(at.path), signal)) !== undefined
  const path = isThere
    ? await archive.resolve(await followed(archive, at), signal)
    : await newPath(archive, at)
  const old = isThere ? await archive.first(path, signal) : undefined
  if (old && kindOfHead(old.head) !== 'file') throw refused(notFile(kindOfHead(old.head)), path)
  checkVersion(write.version, old && versionOf(old.stat, old.head), path)
  const data = await collect(write.input, path)
  if (write.version !== undefined && old) {
    const now = await archive.first(path, signal)
    checkVersion(write.version, versionOf(now.stat, now.head), path)
  }
  const owner = old?.head ?? { ...(await ownerOf(archive, parentPath(path), signal)), mode: 0o644 }
  const head = tarHead({
    ...{ name: bytesOf(baseName(path)), type: 'file', sizeBytes: data.length, mtimeS: nowS() },
    ...{ mode: owner.mode, uid: owner.uid, gid: owner.gid },
  })
  const tar = whole([head, data, tarPadding(data.length), tarEnd()])
  await archive.put(parentPath(path), tar, signal)
  return (await statByApi(archive, { ...at, path })).version
}

const notFile = (kind: string): string => (kind === 'folder' ? 'not-a-file' : 'special')

async function newPath(archive: Archive, { path, signal }: At): Promise<string> {
  const plain = plainPath(path)
  return childPath(await archive.resolve(parentPath(plain), signal), baseName(plain))
}

function checkVersion(seen: string | undefined, now: string | undefined, path: string): void {
  if (seen === undefined) return
  if (now === undefined || !isSameVersion(seen, now)) throw changedMeanwhile(path)
}

async function collect(input: FileWrite['input'], path: string): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const item of input) {
    if (!(item instanceof Uint8Array)) return Buffer.concat(pieces)
    size += item.byteLength
    if (size > maxWriteBytes) throw refused('too-large', path)
    pieces.push(item)
  }
  throw new AppError('cancelled', 'The upload ended before the file did')
}

export async function uploadByApi(archive: Archive, at: At, upload: FileUpload): Promise<FileUploadDone> {
  const folder = await archive.resolve(at.path, at.signal)
  const packing = new Packing(archive, { ...at, path: folder }, upload)
  const owner = await ownerOf(archive, folder, at.signal)
  await archive.put(folder, packing.tar(owner), at.signal)
  const { files, sizeBytes, skipped, skippedCount } = packing
  return { kind: 'done', road: 'api', files, sizeBytes, skipped, skippedCount }
}

/** Makes a tar of what comes up, and looks at each name that may be taken before it goes in. */
class Packing {
  files = 0
  sizeBytes = 0
  skippedCount = 0
  readonly skipped: string[] = []
  readonly #tops = new Map<string, string>()
  /** Folders that are there or in the tar already. */
  readonly #folders = new Set<string>()

  constructor(
    private readonly archive: Archive,
    private readonly at: At,
    private readonly upload: FileUpload,
  ) {}

  async *tar(owner: { readonly uid: number; readonly gid: number }): AsyncGenerator<Uint8Array> {
    const base = { mtimeS: nowS() }
    let [left, isSkipping] = [0, false]
    let padding: Buffer = Buffer.alloc(0)
    for await (const item of this.upload.input) {
      if (item instanceof Uint8Array) {
        this.upload.onBytes(item.byteLength)
        if (isSkipping) continue
        left -= item.byteLength
        if (left < 0) throw wrongSize()
        yield item
        if (left === 0) yield padding
        continue
      }
      if (left !== 0) throw wrongSize()
      if (item.kind === 'end') return yield tarEnd()
      const path = await this.#place(item.path)
      const folder = item.kind === 'folder' ? path : path.replace(/\/?[^/]*$/, '')
      for (const missing of await this.#missing(folder))
        yield tarHead({
          ...owner,
          ...base,
          name: bytesOf(missing),
          type: 'folder',
          mode: 0o755,
          sizeBytes: 0,
        })
      if (item.kind === 'folder') continue
      isSkipping = await this.#isSkipped(path)
      if (isSkipping) continue
      left = item.sizeBytes
      padding = tarPadding(left)
      this.files++
      this.sizeBytes += left
      const mode = (item.mode ?? 0o644) & 0o777
      yield tarHead({ ...owner, ...base, name: bytesOf(path), type: 'file', mode, sizeBytes: left })
    }
    throw new AppError('cancelled', 'The upload ended before the files did')
  }

  #look(path: string) {
    return this.archive.look(childPath(this.at.path, path), this.at.signal)
  }

  /** The folders on the way that are not there, the first one first. */
  async #missing(folder: string): Promise<string[]> {
    const missing: string[] = []
    let at = ''
    for (const part of folder.split('/')) {
      if (part === '') continue
      at = at === '' ? part : `${at}/${part}`
      if (this.#folders.has(at)) continue
      const found = await this.#look(at)
      if (found && found.kind !== 'folder') throw taken(at)
      if (!found) missing.push(at)
      this.#folders.add(at)
    }
    return missing
  }

  async #isSkipped(path: string): Promise<boolean> {
    const found = await this.#look(path)
    if (!found) return false
    if (this.upload.conflict === 'skip') {
      this.skippedCount++
      if (this.skipped.length < maxToldSkips) this.skipped.push(path)
      return true
    }
    if (this.upload.conflict !== 'replace' || (found.kind !== 'file' && found.kind !== 'link'))
      throw taken(path)
    return false
  }

  /** Names at the top that are taken get a number where both are to be kept. */
  async #place(path: string): Promise<string> {
    if (this.upload.conflict !== 'keep-both') return path
    const [top = '', ...rest] = path.split('/')
    let free = this.#tops.get(top)
    if (free === undefined) {
      free = top
      const extension = rest.length > 0 ? '' : (/.(\.[^.]*)$/.exec(top)?.[1] ?? '')
      const stem = top.slice(0, top.length - extension.length)
      for (let n = 2; await this.#look(free); n++) free = `${stem} (${n})${extension}`
      this.#tops.set(top, free)
    }
    return [free, ...rest].join('/')
  }
}

const wrongSize = (): AppError =>
  new AppError('input.invalid', 'A file is not as long as was said', {
    facts: { path: 'sizeBytes', problem: 'length' },
  })
