import { toWire, type WireError } from '../../../../shared/errors'
import type { FileList, FileName, FilePath } from '../../../../shared/model/file-entry'
import { rowsOf, type FileRow } from './rows'

/** What is known of a folder. A list stays while it is read again. */
export type Listing =
  | { readonly state: 'loading' }
  | {
      readonly state: 'ready'
      readonly list: FileList
      readonly rows: readonly FileRow[]
      readonly names: ReadonlySet<FileName>
    }
  | { readonly state: 'failed'; readonly error: WireError }

const loading: Listing = { state: 'loading' }

/** More at once would keep an engine busy that tells each folder slowly. */
const readersAtOnce = 4

/** The folders of one place that were read so far, each by its path. */
export class FolderLists {
  readonly #listings = new Map<FilePath, Listing>()
  readonly #going = new Map<FilePath, AbortController>()
  readonly #listeners = new Set<() => void>()
  #version = 0

  constructor(private readonly list: (path: FilePath, signal: AbortSignal) => Promise<FileList>) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Another number: more is known. */
  readonly version = (): number => this.#version

  get(path: FilePath): Listing {
    return this.#listings.get(path) ?? loading
  }

  /** Read anew, a few at a time and in this order. Never rejects. */
  async read(paths: readonly FilePath[]): Promise<void> {
    const queue = [...paths]
    const reader = async (): Promise<void> => {
      for (let path = queue.shift(); path !== undefined; path = queue.shift()) await this.#read(path)
    }
    await Promise.all(Array.from({ length: readersAtOnce }, reader))
  }

  /** Nobody looks any more. */
  close(): void {
    for (const controller of this.#going.values()) controller.abort()
    this.#going.clear()
  }

  async #read(path: FilePath): Promise<void> {
    this.#going.get(path)?.abort()
    const controller = new AbortController()
    this.#going.set(path, controller)
    if (this.get(path).state === 'failed') this.#tell(path, loading)
    const listing = await this.list(path, controller.signal).then(
      (list) => known(list, path),
      (error: unknown): Listing => ({ state: 'failed', error: toWire(error) }),
    )
    // A newer reading answers in its place.
    if (controller.signal.aborted) return
    this.#going.delete(path)
    this.#tell(path, listing)
  }

  #tell(path: FilePath, listing: Listing): void {
    this.#listings.set(path, listing)
    this.#version++
    for (const listener of this.#listeners) listener()
  }
}

const known = (list: FileList, path: FilePath): Listing => ({
  state: 'ready',
  list,
  rows: rowsOf(list, path),
  names: new Set(list.entries.map(({ name }) => name)),
})
