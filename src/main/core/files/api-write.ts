/** Writing through the Engine API: a tar is unpacked into a folder. It is not done in one step, as the agent's is. */
import type { FileVersion } from '../../../shared/model'
import { AppError } from '../../../shared/errors'
import { baseName, childPath, parentPath } from '../../../shared/model'
import { isSameVersion, kindOfHeader, versionOf } from './api-entry'
import type { Archive } from './archive'
import { bytesOf, changedMeanwhile, plainPath, refused, taken } from './file-name'
import { followed, statByApi } from './api-read'
import type { At, FileWrite } from './road'
import { tarEnd, tarHead, tarPadding, type NewTarEntry } from '../platform/tar/write-tar'

/** A tar tells the size first, so a file of unknown size is kept in memory until it is whole. */
const maxWriteBytes = 64 * 1024 * 1024

const nowS = (): number => Math.floor(Date.now() / 1000)

/** Who the folder belongs to: so does what is new in it. */
export async function ownerOf(archive: Archive, folder: string, signal: AbortSignal) {
  const { header } = await archive.first(folder, signal)
  if (kindOfHeader(header) !== 'folder') throw refused('not-a-folder', folder)
  return { uid: header.uid, gid: header.gid }
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
  const { header } = await archive.first(plain, signal)
  if (kindOfHeader(header) === 'link') throw refused('link', path)
  if (kindOfHeader(header) !== 'folder' || plain === '/') return false
  const { uid, gid, mtimeS } = header
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

export async function* whole(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece)
}

export async function writeByApi(archive: Archive, at: At, write: FileWrite): Promise<FileVersion> {
  const { signal } = at
  const isThere = (await archive.look(plainPath(at.path), signal)) !== undefined
  const path = isThere
    ? await archive.resolve(await followed(archive, at), signal)
    : await newPath(archive, at)
  const old = isThere ? await archive.first(path, signal) : undefined
  if (old && kindOfHeader(old.header) !== 'file') throw refused(notFile(kindOfHeader(old.header)), path)
  checkVersion(write.version, old && versionOf(old.stat, old.header), path)
  const data = await collect(write.input, path)
  if (write.version !== undefined && old) {
    const now = await archive.first(path, signal)
    checkVersion(write.version, versionOf(now.stat, now.header), path)
  }
  const owner = old?.header ?? { ...(await ownerOf(archive, parentPath(path), signal)), mode: 0o644 }
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
