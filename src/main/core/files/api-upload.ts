/** An upload through the Engine API: tars, between which it is looked what is there already. */
import { AppError } from '../../../shared/errors'
import { childPath, type FilePath, type FileUploadDone } from '../../../shared/model'
import { ownerOf, whole } from './api-write'
import type { Archive } from './archive'
import { bytesOf, taken } from './file-name'
import type { At, FileUpload } from './road'
import { tarEnd, tarHead, tarPadding, type NewTarEntry } from '../platform/tar/write-tar'

/** Small files go together: each tar costs the engine a mount. */
const batchBytes = 1024 * 1024
const maxToldSkips = 100

export async function uploadByApi(archive: Archive, at: At, upload: FileUpload): Promise<FileUploadDone> {
  const folder = await archive.resolve(at.path, at.signal)
  const owner = await ownerOf(archive, folder, at.signal)
  return new ApiUpload(archive, { ...at, path: folder }, { ...upload, owner }).run()
}

interface Sent extends FileUpload {
  readonly owner: { readonly uid: number; readonly gid: number }
}

type Items = AsyncIterator<FileUploadInputItem>
type FileUploadInputItem = FileUpload['input'] extends AsyncIterable<infer Item> ? Item : never

/**
 * The engine answers nothing else of a container while it unpacks a tar into it: what is taken must be known
 * before the tar begins.
 */
class ApiUpload {
  readonly #done = { files: 0, sizeBytes: 0, skippedCount: 0 }
  readonly #skipped: FilePath[] = []
  readonly #tops = new Map<string, string>()
  /** Folders that are there, or on the way. */
  readonly #folders = new Set<string>()
  readonly #base: Pick<NewTarEntry, 'uid' | 'gid' | 'mtimeS'>
  #batch: Uint8Array[] = []
  #batched = 0

  constructor(
    private readonly archive: Archive,
    private readonly at: At,
    private readonly sent: Sent,
  ) {
    this.#base = { ...sent.owner, mtimeS: Math.floor(Date.now() / 1000) }
  }

  async run(): Promise<FileUploadDone> {
    const items: Items = this.sent.input[Symbol.asyncIterator]()
    for (;;) {
      const next = await items.next()
      if (next.done) throw new AppError('cancelled', 'The upload ended before the files did')
      const item = next.value
      if (item instanceof Uint8Array) throw wrongSize()
      if (item.kind === 'end') break
      const path = await this.#place(item.path)
      if (item.kind === 'folder') await this.#makeFolders(path)
      else await this.#file(items, { ...item, path })
    }
    await this.#flush()
    return { kind: 'done', road: 'api', ...this.#done, skipped: this.#skipped }
  }

  async #file(
    items: Items,
    file: { readonly path: FilePath; readonly sizeBytes: number; readonly mode?: number | undefined },
  ): Promise<void> {
    const { path, sizeBytes } = file
    await this.#makeFolders(path.replace(/\/?[^/]*$/, ''))
    const data = this.#data(items, sizeBytes)
    if (await this.#isSkipped(path)) {
      for await (const piece of data) void piece
      return
    }
    const mode = (file.mode ?? 0o644) & 0o777
    const head = tarHead({ ...this.#base, name: bytesOf(path), type: 'file', mode, sizeBytes })
    if (this.#batched + sizeBytes > batchBytes) await this.#flush()
    if (sizeBytes > batchBytes)
      await this.archive.put(this.at.path, alone(head, data, sizeBytes), this.at.signal)
    else for await (const piece of alone(head, data, sizeBytes)) this.#add(piece)
    this.#done.files++
    this.#done.sizeBytes += sizeBytes
  }

  /** The bytes of one file, just as many as were said. */
  async *#data(items: Items, sizeBytes: number): AsyncGenerator<Uint8Array> {
    for (let left = sizeBytes; left > 0;) {
      const next = await items.next()
      if (next.done) throw new AppError('cancelled', 'The upload ended before the files did')
      const piece = next.value
      if (!(piece instanceof Uint8Array) || piece.byteLength > left) throw wrongSize()
      left -= piece.byteLength
      this.sent.onBytes(piece.byteLength)
      yield piece
    }
  }

  #add(piece: Uint8Array): void {
    this.#batch.push(piece)
    this.#batched += piece.byteLength
  }

  async #flush(): Promise<void> {
    const batch = [...this.#batch, tarEnd()]
    const isEmpty = this.#batch.length === 0
    this.#batch = []
    this.#batched = 0
    if (!isEmpty) await this.archive.put(this.at.path, whole(batch), this.at.signal)
  }

  #look(path: string): ReturnType<Archive['look']> {
    return this.archive.look(childPath(this.at.path, path), this.at.signal)
  }

  async #makeFolders(folder: string): Promise<void> {
    let at = ''
    for (const part of folder.split('/')) {
      if (part === '') continue
      at = at === '' ? part : `${at}/${part}`
      if (this.#folders.has(at)) continue
      const found = await this.#look(at)
      if (found && found.kind !== 'folder') throw taken(at)
      const entry: NewTarEntry = {
        ...this.#base,
        ...{ name: bytesOf(at), type: 'folder', mode: 0o755, sizeBytes: 0 },
      }
      if (!found) this.#add(tarHead(entry))
      this.#folders.add(at)
    }
  }

  async #isSkipped(path: string): Promise<boolean> {
    const found = await this.#look(path)
    if (!found) return false
    if (this.sent.conflict === 'skip') {
      this.#done.skippedCount++
      if (this.#skipped.length < maxToldSkips) this.#skipped.push(path)
      return true
    }
    const isFile = found.kind === 'file' || found.kind === 'link'
    if (this.sent.conflict !== 'replace' || !isFile) throw taken(path)
    return false
  }

  /** Names at the top that are taken get a number where both are to be kept. */
  async #place(path: string): Promise<string> {
    if (this.sent.conflict !== 'keep-both') return path
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

/** A file as tar: its end is the last of the tar where the file goes alone. */
async function* alone(
  head: Uint8Array,
  data: AsyncIterable<Uint8Array>,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  yield head
  yield* data
  yield tarPadding(sizeBytes)
}

const wrongSize = (): AppError =>
  new AppError('input.invalid', 'A file is not as long as was said', {
    facts: { path: 'sizeBytes', problem: 'length' },
  })
