import { shownName, type LayerChange, type LayerEntry, type LayerView } from '../../../../shared/model'
import { each, pathOf, stateAt, versionOf, type ImageTree, type PathNode, type Version } from './image-tree'
import { firstPath, type HardLinks, type LayerNode } from './layer-node'

/** Sums over a folder and all below it. */
export interface Sums {
  bytes: number
  removedBytes: number
  count: number
  children: number
  changes: number
}

/** A path as the view shows it. For what the layer removed `node` is what was there. */
export interface Shown {
  readonly path: PathNode
  readonly version: Version
  readonly node: LayerNode
}

/** One layer's own work, or all up to it: what is there and how big it is. */
export class ImageView {
  readonly #sums = new Map<PathNode, Sums>()
  /** Of a file with several names that are there, the one that counts its bytes. */
  readonly #firsts = new Map<HardLinks, PathNode>()

  constructor(
    readonly tree: ImageTree,
    readonly view: LayerView,
    readonly layer: number,
  ) {
    this.#chooseFirsts()
    this.#sum(tree.root)
  }

  /** `undefined` where the view has nothing at this path. */
  shown(path: PathNode): Shown | undefined {
    const version = this.view === 'layer' ? versionOf(path, this.layer) : stateAt(path, this.layer)
    if (!version) return undefined
    if (version.node) return { path, version, node: version.node }
    if (version.layer !== this.layer) return undefined
    const before = path.versions[path.versions.indexOf(version) - 1]?.node
    return before && { path, version, node: before }
  }

  *children(path: PathNode): Generator<Shown> {
    for (const child of path.children?.values() ?? []) {
      const shown = this.shown(child)
      if (shown) yield shown
    }
  }

  changeOf({ version }: Shown): LayerChange {
    return version.layer === this.layer ? version.change : 'unchanged'
  }

  /** What it counts: nothing for what is gone and for the second names of a file. */
  ownBytes({ path, version, node }: Shown): number {
    if (!version.node || node.kind !== 'file') return 0
    return node.hardLinks && this.#firsts.get(node.hardLinks) !== path ? 0 : node.size
  }

  sumsOf(shown: Shown): Sums {
    return this.#sums.get(shown.path) ?? this.#leaf(shown)
  }

  /** The layer that wrote what is shown. */
  writerOf({ path, version }: Shown): number {
    const { versions } = path
    for (let n = versions.indexOf(version); n >= 0; n--) {
      const { node, change, layer } = versions[n] as Version
      if (node && change !== 'unchanged') return layer
    }
    return version.layer
  }

  entry(shown: Shown): LayerEntry {
    const { path, version, node } = shown
    const sums = this.sumsOf(shown)
    const hiddenBy = hiding(path, version)
    return {
      path: pathOf(path),
      name: shownName(path.name),
      isEscaped: isEscaped(path.name) || isEscaped(node.more?.link ?? ''),
      kind: node.kind === 'removed' ? 'unknown' : node.kind,
      change: this.changeOf(shown),
      sizeBytes: node.kind === 'file' ? node.size : 0,
      ownBytes: this.ownBytes(shown),
      belowBytes: sums.bytes,
      removedBytes: sums.removedBytes,
      belowCount: sums.count,
      childCount: sums.children,
      hasChangesBelow: sums.changes > 0,
      ...{ mode: node.mode, uid: node.uid, gid: node.gid, mtimeMs: node.mtimeS * 1000 },
      ...(node.hardLinks && { hardLinks: node.hardLinks.paths.size }),
      ...moreOf(node),
      layer: this.writerOf(shown),
      ...(hiddenBy && { hiddenBy }),
    }
  }

  #chooseFirsts(): void {
    const names = new Map<HardLinks, string>()
    each(this.tree.root, (path) => {
      const { version, node } = this.shown(path) ?? {}
      if (!version?.node || !node?.hardLinks) return
      const name = pathOf(path)
      const first = names.get(node.hardLinks)
      if (first !== undefined && first <= name) return
      names.set(node.hardLinks, name)
      this.#firsts.set(node.hardLinks, path)
    })
  }

  #sum(path: PathNode): Sums {
    const sums: Sums = { bytes: 0, removedBytes: 0, count: 0, children: 0, changes: 0 }
    const own = path.parent && this.shown(path)
    if (own) Object.assign(sums, this.#leaf(own))
    for (const shown of this.children(path)) {
      const below = shown.path.children ? this.#sum(shown.path) : this.#leaf(shown)
      sums.bytes += below.bytes
      sums.removedBytes += below.removedBytes
      sums.count += below.count + 1
      sums.children += 1
      sums.changes += below.changes + (this.changeOf(shown) === 'unchanged' ? 0 : 1)
    }
    this.#sums.set(path, sums)
    return sums
  }

  #leaf(shown: Shown): Sums {
    const isGone = !shown.version.node
    const removedBytes = isGone && shown.node.kind === 'file' ? goneBytes(shown) : 0
    return { bytes: this.ownBytes(shown), removedBytes, count: 0, children: 0, changes: 0 }
  }
}

/** Of a file with several names, each tells its part as nobody else would: the first name. */
const goneBytes = ({ path, node }: Shown): number => {
  if (!node.hardLinks) return node.size
  return pathOf(path) === firstPath(node.hardLinks) ? node.size : 0
}

function moreOf({ more = {} }: LayerNode) {
  const { link, device, xattrs = [], isOpaque = false, isCut = false } = more
  return {
    ...(link !== undefined && { linkTarget: shownName(link) }),
    ...{ xattrs, isOpaque, isCut },
    ...(device && { device }),
  }
}

const isEscaped = (text: string): boolean => /\\x(?!5c)/.test(text)

function hiding(path: PathNode, version: Version): LayerEntry['hiddenBy'] {
  if (!version.node) return undefined
  for (const { layer, change } of path.versions.slice(path.versions.indexOf(version) + 1))
    if (change !== 'unchanged') return { layer, how: change === 'removed' ? 'removed' : 'changed' }
  return undefined
}
