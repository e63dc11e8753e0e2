import { shownName, type CompareCounts, type CompareEntry, type Difference } from '../../../../shared/model'
import type { LayerChange, LayerSort } from '../../../../shared/model'
import { pathOf, type PathNode } from './image-tree'
import type { ImageView, Shown } from './image-view'
import type { LayerNode } from './layer-node'
import { sortBy } from './listing'

/** One path in two images; at least one of them has it. */
interface Pair {
  readonly name: string
  readonly before: Shown | undefined
  readonly after: Shown | undefined
}

interface PairSums {
  added: number
  changed: number
  removed: number
}

/** Two images as they are seen, path by path. */
export class Comparison {
  readonly counts: CompareCounts
  readonly #sums = new Map<PathNode, PairSums>()

  /** Views of the whole images: the sum of all their layers. */
  constructor(
    readonly before: ImageView,
    readonly after: ImageView,
  ) {
    const counts = {
      ...{ added: 0, changed: 0, removed: 0, same: 0, addedBytes: 0, removedBytes: 0, changedBytes: 0 },
    }
    this.#count({ before: before.tree.root, after: after.tree.root }, counts)
    this.counts = counts
  }

  children(
    path: { before: PathNode | undefined; after: PathNode | undefined },
    asked: {
      readonly sort: LayerSort
      readonly changes: readonly LayerChange[]
      readonly offset: number
      readonly limit: number
    },
  ): { entries: CompareEntry[]; total: number } {
    const wanted = [...this.#pairs(path.before, path.after)].filter((pair) =>
      this.#isWanted(pair, asked.changes),
    )
    const sorted = sortBy(asked.sort, wanted, (pair) => this.#keyOf(pair))
    const entries = sorted.slice(asked.offset, asked.offset + asked.limit).map((pair) => this.#entry(pair))
    return { entries, total: wanted.length }
  }

  #count(
    at: { before: PathNode | undefined; after: PathNode | undefined },
    counts: Writable<CompareCounts>,
  ): PairSums {
    const sums: PairSums = { added: 0, changed: 0, removed: 0 }
    for (const pair of this.#pairs(at.before, at.after)) {
      const { before, after } = pair
      const change = changeOf(pair)
      const below = this.#count({ before: before?.path, after: after?.path }, counts)
      sums.added += below.added
      sums.changed += below.changed
      sums.removed += below.removed
      if (change !== 'unchanged') sums[change]++
      this.#countOne(pair, change, counts)
    }
    if (at.after) this.#sums.set(at.after, sums)
    if (at.before) this.#sums.set(at.before, sums)
    return sums
  }

  /** Folders are no files; one that took a file's place counts as the file. */
  #countOne({ before, after }: Pair, change: LayerChange, counts: Writable<CompareCounts>): void {
    const isFolder = (shown: Shown | undefined): boolean => !shown || shown.node.kind === 'folder'
    if (isFolder(before) && isFolder(after)) return
    const grown = (after ? this.after.ownBytes(after) : 0) - (before ? this.before.ownBytes(before) : 0)
    if (change === 'unchanged') counts.same++
    else {
      counts[change]++
      if (change === 'added') counts.addedBytes += grown
      else if (change === 'removed') counts.removedBytes -= grown
      else counts.changedBytes += grown
    }
  }

  *#pairs(before: PathNode | undefined, after: PathNode | undefined): Generator<Pair> {
    const afters = new Map<string, Shown>()
    for (const shown of after ? present(this.after, after) : []) afters.set(shown.path.name, shown)
    for (const shown of before ? present(this.before, before) : []) {
      const { name } = shown.path
      yield { name, before: shown, after: afters.get(name) }
      afters.delete(name)
    }
    for (const [name, shown] of afters) yield { name, before: undefined, after: shown }
  }

  #sumsOf({ before, after }: Pair): PairSums {
    const node = after?.path ?? before?.path
    return (node && this.#sums.get(node)) ?? { added: 0, changed: 0, removed: 0 }
  }

  #isWanted(pair: Pair, changes: readonly LayerChange[]): boolean {
    if (changes.length === 0 || changes.includes(changeOf(pair))) return true
    const sums = this.#sumsOf(pair)
    return changes.some((change) => change !== 'unchanged' && sums[change] > 0)
  }

  #keyOf(pair: Pair) {
    const { before, after, name } = pair
    const sums = this.#sumsOf(pair)
    const bytes = Math.max(this.#bytes(pair, 'before'), this.#bytes(pair, 'after'))
    const isFolder = (after ?? before)?.node.kind === 'folder'
    const timeS = (after ?? before)?.node.mtimeS ?? 0
    return { name, isFolder, bytes, count: sums.added + sums.changed + sums.removed, timeS }
  }

  #bytes({ before, after }: Pair, side: 'before' | 'after'): number {
    if (side === 'before') return before ? this.before.sumsOf(before).bytes : 0
    return after ? this.after.sumsOf(after).bytes : 0
  }

  #entry(pair: Pair): CompareEntry {
    const before = pair.before && this.before.entry(pair.before)
    const after = pair.after && this.after.entry(pair.after)
    return {
      path: pathOf((pair.after ?? pair.before)?.path as PathNode),
      name: shownName(pair.name),
      isEscaped: (after ?? before)?.isEscaped ?? false,
      change: changeOf(pair),
      differs: differencesOf(pair),
      ...(before && { before }),
      ...(after && { after }),
      beforeBytes: this.#bytes(pair, 'before'),
      afterBytes: this.#bytes(pair, 'after'),
      ...this.#sumsOf(pair),
      childCount: [...this.#pairs(pair.before?.path, pair.after?.path)].length,
    }
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** What the last layer removed is not there. */
function* present(view: ImageView, folder: PathNode): Generator<Shown> {
  for (const shown of view.children(folder)) if (shown.version.node) yield shown
}

function changeOf(pair: Pair): LayerChange {
  if (!pair.before) return 'added'
  if (!pair.after) return 'removed'
  return differencesOf(pair).length > 0 ? 'changed' : 'unchanged'
}

function differencesOf({ before, after }: Pair): Difference[] {
  if (!before || !after || before.node === after.node) return []
  const [a, b] = [before.node, after.node]
  if (a.kind !== b.kind) return ['kind']
  const found: [boolean, Difference][] = [
    [a.mode !== b.mode, 'mode'],
    [a.uid !== b.uid || a.gid !== b.gid, 'owner'],
    [a.more?.link !== b.more?.link || deviceOf(a) !== deviceOf(b), 'link'],
    [xattrsOf(a) !== xattrsOf(b), 'xattrs'],
  ]
  const others = found.flatMap(([is, difference]) => (is ? [difference] : []))
  return a.kind === 'file' ? [...contentDifferences(a, b), ...others] : others
}

/** Of one length and one time, two files are taken for the same, as `rsync` does. */
function contentDifferences(a: LayerNode, b: LayerNode): Difference[] {
  const size: Difference[] = a.size !== b.size ? ['size'] : []
  if (a.mtimeS === b.mtimeS) return size
  return a.size === b.size && a.size > 0 ? ['content', 'time'] : [...size, 'time']
}

const xattrsOf = ({ more }: LayerNode): string => (more?.xattrs ?? []).join('\0')
const deviceOf = ({ more }: LayerNode): string => `${more?.device?.major} ${more?.device?.minor}`
