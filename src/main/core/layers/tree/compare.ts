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

/** Where the two images have a path. */
interface Paths {
  readonly before: PathNode | undefined
  readonly after: PathNode | undefined
}

/** Two images as they are seen: the sum of all their layers. */
interface Views {
  readonly before: ImageView
  readonly after: ImageView
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
    path: Paths,
    asked: {
      readonly sort: LayerSort
      readonly changes: readonly LayerChange[]
      readonly offset: number
      readonly limit: number
    },
  ): { entries: CompareEntry[]; total: number } {
    const wanted = [...pairs(this, path)].filter((pair) => this.#isWanted(pair, asked.changes))
    const sorted = sortBy(asked.sort, wanted, (pair) => this.#keyOf(pair))
    const entries = sorted.slice(asked.offset, asked.offset + asked.limit).map((pair) => this.#entry(pair))
    return { entries, total: wanted.length }
  }

  #count(at: Paths, counts: Writable<CompareCounts>): PairSums {
    const sums: PairSums = { added: 0, changed: 0, removed: 0 }
    for (const pair of pairs(this, at)) {
      const change = changeOf(pair)
      const below = this.#count(pathsOf(pair), counts)
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
      childCount: [...pairs(this, pathsOf(pair))].length,
    }
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Files of one length, which only their contents can tell apart. `isShared` says that a layer of the one image is a
 * layer of the other: what both have from there is left out.
 */
export function* sameSized(
  views: Views,
  isShared: (before: number, after: number) => boolean,
  at: Paths = { before: views.before.tree.root, after: views.after.tree.root },
): Generator<{ readonly before: Shown; readonly after: Shown }> {
  for (const pair of pairs(views, at)) {
    const { before, after } = pair
    yield* sameSized(views, isShared, pathsOf(pair))
    if (!before || !after || before.node === after.node) continue
    const areFiles = before.node.kind === 'file' && after.node.kind === 'file'
    const isOpen = areFiles && before.node.size === after.node.size && before.node.size > 0
    if (isOpen && !isShared(before.version.layer, after.version.layer)) yield { before, after }
  }
}

function* pairs(views: Views, at: Paths): Generator<Pair> {
  const afters = new Map<string, Shown>()
  for (const shown of at.after ? present(views.after, at.after) : []) afters.set(shown.path.name, shown)
  for (const shown of at.before ? present(views.before, at.before) : []) {
    const { name } = shown.path
    yield { name, before: shown, after: afters.get(name) }
    afters.delete(name)
  }
  for (const [name, shown] of afters) yield { name, before: undefined, after: shown }
}

const pathsOf = ({ before, after }: Pair): Paths => ({ before: before?.path, after: after?.path })

/** What the last layer removed is not there. */
function* present(view: ImageView, folder: PathNode): Generator<Shown> {
  for (const shown of view.children(folder)) if (shown.version.node) yield shown
}

function changeOf(pair: Pair): LayerChange {
  if (!pair.before) return 'added'
  if (!pair.after) return 'removed'
  // Building again gives the same files a new time: who looks for what is different does not look for that.
  return differencesOf(pair).some((one) => one !== 'time') ? 'changed' : 'unchanged'
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

/** Of one length and one time, two files whose contents nobody could read are taken for the same, as `rsync` does. */
function contentDifferences(a: LayerNode, b: LayerNode): Difference[] {
  const time: Difference[] = a.mtimeS === b.mtimeS ? [] : ['time']
  if (a.size !== b.size) return ['size', ...time]
  const isKnown = Boolean(a.digest && b.digest)
  const isSame = a.size === 0 || (isKnown ? a.digest === b.digest : time.length === 0)
  return isSame ? time : ['content', ...time]
}

const xattrsOf = ({ more }: LayerNode): string => (more?.xattrs ?? []).join('\0')
const deviceOf = ({ more }: LayerNode): string => `${more?.device?.major} ${more?.device?.minor}`
