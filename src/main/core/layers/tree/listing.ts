import type {
  LayerChange,
  LayerChildren,
  LayerEntry,
  LayerEntryKind,
  LayerSort,
} from '../../../../shared/model'
import { shownName } from '../../../../shared/model'
import type { PathNode } from './image-tree'
import type { ImageView, Shown } from './image-view'

export interface Wanted {
  readonly changes: readonly LayerChange[]
  /** In the name, whatever its case. */
  readonly text: string
}

export interface Page {
  readonly sort: LayerSort
  readonly offset: number
  readonly limit: number
}

/** What is directly in a folder, as far as it is wanted or leads to what is. */
export function listChildren(view: ImageView, folder: PathNode, asked: Wanted & Page): LayerChildren {
  const isAll = asked.changes.length === 0 && asked.text === ''
  const found: Shown[] = []
  const matches = matcher(view, asked)
  for (const shown of view.children(folder)) if (isAll || leadsTo(view, shown, matches)) found.push(shown)
  const key = (shown: Shown): SortKey => ({
    name: shown.path.name,
    isFolder: shown.node.kind === 'folder',
    bytes: weightOf(view, shown),
    count: view.sumsOf(shown).count,
    timeS: shown.node.mtimeS,
  })
  const sorted = sortBy(asked.sort, found, key).slice(asked.offset, asked.offset + asked.limit)
  return { entries: sorted.map((shown) => view.entry(shown)), total: found.length }
}

/** At any depth, in the order of the tree. */
export function findNames(view: ImageView, asked: Wanted & { readonly limit: number }): LayerChildren {
  const entries: LayerEntry[] = []
  let total = 0
  const matches = matcher(view, asked)
  const look = (folder: PathNode): void => {
    for (const shown of view.children(folder)) {
      if (matches(shown) && ++total <= asked.limit) entries.push(view.entry(shown))
      look(shown.path)
    }
  }
  look(view.tree.root)
  return { entries, total }
}

/** For what is gone its size before; it would sort last otherwise, and is what a person looks for. */
const weightOf = (view: ImageView, shown: Shown): number => {
  const { bytes, removedBytes } = view.sumsOf(shown)
  return bytes + removedBytes
}

function matcher(view: ImageView, { changes, text }: Wanted): (shown: Shown) => boolean {
  const wanted = text.toLowerCase()
  return (shown) =>
    (changes.length === 0 || changes.includes(view.changeOf(shown))) &&
    (wanted === '' || shownName(shown.path.name).toLowerCase().includes(wanted))
}

function leadsTo(view: ImageView, shown: Shown, matches: (shown: Shown) => boolean): boolean {
  if (matches(shown)) return true
  for (const child of view.children(shown.path)) if (leadsTo(view, child, matches)) return true
  return false
}

export interface SortKey {
  readonly name: string
  readonly isFolder: boolean
  readonly bytes: number
  readonly count: number
  readonly timeS: number
}

/** Names go up, all else goes down: the largest and the newest are what one looks for. Equal ones by name. */
export function sortBy<T>(sort: LayerSort, items: readonly T[], keyOf: (item: T) => SortKey): T[] {
  const byName = (a: SortKey, b: SortKey): number =>
    Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  const orders: Record<LayerSort, (a: SortKey, b: SortKey) => number> = {
    name: byName,
    size: (a, b) => b.bytes - a.bytes || byName(a, b),
    count: (a, b) => b.count - a.count || byName(a, b),
    time: (a, b) => b.timeS - a.timeS || byName(a, b),
  }
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((a, b) => orders[sort](a.key, b.key))
    .map(({ item }) => item)
}

export const kindOf = ({ node }: Shown): LayerEntryKind => (node.kind === 'removed' ? 'unknown' : node.kind)
