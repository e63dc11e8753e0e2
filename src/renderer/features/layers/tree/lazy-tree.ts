import type { AppError } from '../../../../shared/errors'
import type { TreeLine } from '../../../ui'
import { toAppError } from '../to-app-error'

export interface TreeEntry {
  readonly path: string
  readonly name: string
  readonly childCount: number
}

export interface Page<E> {
  readonly entries: readonly E[]
  readonly total: number
}

export type LoadPage<E> = (path: string, offset: number, signal: AbortSignal) => Promise<Page<E>>

interface Folder<E> extends Page<E> {
  readonly isLoading: boolean
  readonly error?: AppError
}

const nothing: Folder<never> = { entries: [], total: -1, isLoading: true }

/** What is known of a tree that core tells folder by folder, page by page. */
export class LazyTree<E extends TreeEntry> {
  readonly #load: LoadPage<E>
  readonly #folders = new Map<string, Folder<E>>()
  readonly #listeners = new Set<() => void>()
  #controller = new AbortController()
  #version = 0

  constructor(load: LoadPage<E>) {
    this.#load = load
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Another number: something was told. */
  readonly version = (): number => this.#version

  folder(path: string): Folder<E> {
    return this.#folders.get(path) ?? nothing
  }

  /** Asks for a folder that nobody has asked for yet. */
  open(path: string): void {
    if (!this.#folders.has(path)) this.#ask(path)
  }

  /** The next page, or the one that failed. */
  more(path: string): void {
    const { isLoading, entries, total } = this.folder(path)
    if (!isLoading && (total < 0 || entries.length < total)) this.#ask(path)
  }

  /** What is under way ends; what was told stays, and may be asked for more. */
  close(): void {
    this.#controller.abort()
    this.#controller = new AbortController()
    for (const [path, folder] of this.#folders) if (folder.isLoading) this.#folders.delete(path)
  }

  #ask(path: string): void {
    const { entries, total } = this.folder(path)
    const { signal } = this.#controller
    this.#set(path, { entries, total, isLoading: true })
    this.#load(path, entries.length, signal).then(
      (page) => {
        if (signal.aborted) return
        // An empty page is the end, whatever was promised: asking again would go on for ever.
        const all = [...entries, ...page.entries]
        this.#set(path, {
          entries: all,
          total: page.entries.length === 0 ? all.length : page.total,
          isLoading: false,
        })
      },
      (error: unknown) => {
        if (!signal.aborted) this.#set(path, { entries, total, isLoading: false, error: toAppError(error) })
      },
    )
  }

  #set(path: string, folder: Folder<E>): void {
    this.#folders.set(path, folder)
    this.#version++
    for (const listener of this.#listeners) listener()
  }
}

/** `more:/usr`: the line at whose sight the rest of a folder is asked for. */
export const moreKey = (path: string): string => `more:${path}`
export const folderOfMore = (key: string): string | undefined =>
  key.startsWith('more:') ? key.slice('more:'.length) : undefined

export interface LineWords {
  readonly loading: string
  readonly failed: (error: AppError) => string
}

/** The unfolded lines. Without recursion: a tree may be 10,000 folders deep. */
export function toLines<E extends TreeEntry>(
  tree: LazyTree<E>,
  expanded: ReadonlySet<string>,
  words: LineWords,
): readonly TreeLine<E>[] {
  const lines: TreeLine<E>[] = []
  const stack = [{ path: '/', folder: tree.folder('/'), at: 0 }]
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { folder } = top
    const depth = stack.length - 1
    const entry = folder.entries[top.at++]
    if (!entry) {
      stack.pop()
      const text = tailOf(folder, words)
      if (text !== undefined)
        lines.push({ key: moreKey(top.path), depth, name: '', position: top.at, siblings: -1, words: text })
      continue
    }
    const isExpanded = entry.childCount > 0 ? expanded.has(entry.path) : undefined
    lines.push({
      key: entry.path,
      depth,
      name: entry.name,
      isExpanded,
      position: top.at,
      siblings: folder.total,
      row: entry,
    })
    if (isExpanded === true) stack.push({ path: entry.path, folder: tree.folder(entry.path), at: 0 })
  }
  return lines
}

function tailOf(folder: Folder<TreeEntry>, words: LineWords): string | undefined {
  if (folder.error) return words.failed(folder.error)
  return folder.isLoading || folder.entries.length < folder.total ? words.loading : undefined
}

/** `/a/b` of `/a/b/c`, and all above it but the root. */
export function ancestors(path: string): readonly string[] {
  const parts = path.split('/').slice(1, -1)
  let at = ''
  return parts.map((name) => (at += `/${name}`))
}
