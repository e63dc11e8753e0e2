import { type FSWatcher, watch } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface TreeWatch {
  /** False once a part of the tree is not watched: it is too big, or the system gives no more watches. */
  readonly isWhole: boolean
  /** Resolves when the tree as it is now is watched. */
  readonly ready: Promise<void>
  close(): void
}

export interface TreeOptions {
  /** A path that changed, appeared or went. More than once for one change. */
  readonly onChange: (path: string) => void
  readonly onPartial: () => void
  /** Folders that one tree may watch. */
  readonly maxFolders: number
}

/** Folders that tools fill and nobody edits: watching them would cost more than all the rest. */
const unwatched = new Set(['node_modules', '.git', '.hg', '.svn'])

/**
 * Watches a tree of folders. macOS and Windows watch a tree by one call. Linux watches folder by folder, and Node's
 * own stand-in for it takes a watch for each file besides (measured in docs/decisions): so here it is done by
 * folders alone, which tells the same.
 */
export function watchTree(root: string, options: TreeOptions): TreeWatch {
  if (process.platform === 'linux') return new FolderWatches(root, options)
  return nativeWatch(root, options)
}

function nativeWatch(root: string, { onChange, onPartial }: TreeOptions): TreeWatch {
  let isWhole = true
  const fail = (): void => {
    isWhole = false
    onPartial()
  }
  const watcher = watch(root, { recursive: true, persistent: false }, (_event, name) => {
    if (name === null) return
    if (!name.split(/[\\/]/).some((part) => unwatched.has(part))) onChange(join(root, name))
  })
  watcher.on('error', fail)
  return {
    get isWhole() {
      return isWhole
    },
    ready: Promise.resolve(),
    close: () => watcher.close(),
  }
}

class FolderWatches implements TreeWatch {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly ready: Promise<void>
  #isWhole = true
  #isClosed = false

  constructor(
    root: string,
    private readonly options: TreeOptions,
  ) {
    this.ready = this.#add(root, false)
  }

  get isWhole(): boolean {
    return this.#isWhole
  }

  close(): void {
    this.#isClosed = true
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  /** Watches a folder and all below. `isNew`: what is in it already came before its watch, and is told. */
  async #add(folder: string, isNew: boolean): Promise<void> {
    const hasNames = await isFolder(folder)
    if (this.#isClosed || this.#watchers.has(folder)) return
    if (this.#watchers.size >= this.options.maxFolders) return this.#partial()
    try {
      this.#watch(folder, hasNames)
    } catch (error) {
      // Gone already, or not ours to read: nothing to watch. Else the system has no more watches to give.
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOSPC' || code === 'EMFILE') this.#partial()
      return
    }
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (isNew) this.options.onChange(path)
      if (entry.isDirectory() && !unwatched.has(entry.name)) await this.#add(path, isNew)
    }
  }

  /** A single file may be mounted too: its watch says its own name. */
  #watch(folder: string, hasNames: boolean): void {
    const watcher = watch(folder, { persistent: false }, (event, name) => {
      if (name === null) return
      const path = hasNames ? join(folder, name) : folder
      this.options.onChange(path)
      if (event === 'rename' && !unwatched.has(name)) void this.#renamed(path)
    })
    watcher.on('error', () => this.#drop(folder))
    this.#watchers.set(folder, watcher)
  }

  /** A name came or went: a folder that came is watched, one that went is let go with all below. */
  async #renamed(path: string): Promise<void> {
    if (this.#watchers.has(path)) this.#dropTree(path)
    if (await isFolder(path)) await this.#add(path, true)
  }

  #dropTree(path: string): void {
    for (const folder of [...this.#watchers.keys()])
      if (folder === path || folder.startsWith(`${path}/`)) this.#drop(folder)
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close()
    this.#watchers.delete(folder)
  }

  #partial(): void {
    if (!this.#isWhole) return
    this.#isWhole = false
    this.options.onPartial()
  }
}

const isFolder = (path: string): Promise<boolean> =>
  lstat(path).then(
    (stat) => stat.isDirectory(),
    () => false,
  )
