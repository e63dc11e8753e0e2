import { AppError } from '../../../../shared/errors'
import type { LayerChange } from '../../../../shared/model'
import type { LayerContent, LayerNode } from './layer-node'

/** More paths than any image that people work with; more would fill core's memory. */
const maxPaths = 3_000_000

/** What a layer made of a path. */
export interface Version {
  readonly layer: number
  /** Absent: it is gone. */
  readonly node?: LayerNode
  readonly change: LayerChange
}

/** A path of an image, and all that its layers did to it, the lowest first. */
export interface PathNode {
  readonly name: string
  readonly parent?: PathNode
  readonly versions: Version[]
  children?: Map<string, PathNode>
}

/** The layers of an image laid upon each other. */
export interface ImageTree {
  readonly root: PathNode
  readonly layers: readonly LayerContent[]
  readonly paths: number
}

/** Lays layers upon each other as overlayfs does. */
export function mergeLayers(layers: readonly LayerContent[]): ImageTree {
  const merge = new Merge()
  layers.forEach(({ root }, layer) => merge.lay(layer, root))
  return { root: merge.root, layers, paths: merge.paths }
}

class Merge {
  readonly root: PathNode = { name: '', versions: [], children: new Map() }
  paths = 0
  #layer = 0

  lay(layer: number, node: LayerNode): void {
    this.#layer = layer
    this.root.versions.push({ layer, node, change: 'unchanged' })
    this.#folder(this.root, node)
  }

  #folder(path: PathNode, node: LayerNode): void {
    if (node.more?.isOpaque) this.#clear(path)
    for (const child of node.children?.values() ?? []) this.#child(path, child)
  }

  #child(parent: PathNode, node: LayerNode): void {
    const known = parent.children?.get(node.name)
    if (node.kind === 'removed') {
      if (known) this.#remove(known)
      return
    }
    const path = known ?? this.#add(parent, node.name)
    const below = this.#takeBelow(path)
    if (below?.kind === 'folder' && node.kind !== 'folder') this.#clear(path)
    path.versions.push({ layer: this.#layer, node, change: changeOf(below, node) })
    if (node.kind === 'folder') this.#folder(path, node)
  }

  /** What lies below, also when this layer has hidden it a moment ago. */
  #takeBelow(path: PathNode): LayerNode | undefined {
    const last = path.versions.at(-1)
    if (last?.layer !== this.#layer) return last?.node
    path.versions.pop()
    return path.versions.at(-1)?.node
  }

  #add(parent: PathNode, name: string): PathNode {
    if (++this.paths > maxPaths)
      throw new AppError('engine.unsupported', `The image has more than ${maxPaths} paths`, {
        facts: { what: 'layers', limit: maxPaths },
      })
    const path: PathNode = { name, parent, versions: [] }
    parent.children ??= new Map()
    parent.children.set(name, path)
    return path
  }

  #clear(path: PathNode): void {
    for (const child of path.children?.values() ?? []) this.#remove(child)
  }

  #remove(path: PathNode): void {
    const last = path.versions.at(-1)
    if (!last?.node || last.layer === this.#layer) return
    path.versions.push({ layer: this.#layer, change: 'removed' })
    this.#clear(path)
  }
}

/** A folder is written again for what is in it: it has changed when it is another folder to its users. */
function changeOf(below: LayerNode | undefined, node: LayerNode): LayerChange {
  if (!below) return 'added'
  if (below.kind !== 'folder' || node.kind !== 'folder') return 'changed'
  return isSameFolder(below, node) ? 'unchanged' : 'changed'
}

const isSameFolder = (a: LayerNode, b: LayerNode): boolean =>
  a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && !b.more?.isOpaque && xattrsOf(a) === xattrsOf(b)

const xattrsOf = ({ more }: LayerNode): string => (more?.xattrs ?? []).join('\0')

export function pathOf(node: PathNode): string {
  const names: string[] = []
  for (let at: PathNode | undefined = node; at?.parent; at = at.parent) names.push(at.name)
  return `/${names.reverse().join('/')}`
}

/** The path's node; `undefined` where no layer has it. */
export function find(tree: ImageTree, path: string): PathNode | undefined {
  let at: PathNode | undefined = tree.root
  for (const name of path.split('/')) if (name !== '') at = at?.children?.get(name)
  return at
}

/** Every path below, parents first. */
export function each(node: PathNode, visit: (node: PathNode) => void): void {
  for (const child of node.children?.values() ?? []) {
    visit(child)
    each(child, visit)
  }
}

/** What a path is once a layer lies on those below it. */
export function stateAt({ versions }: PathNode, layer: number): Version | undefined {
  for (let n = versions.length - 1; n >= 0; n--) {
    const version = versions[n] as Version
    if (version.layer <= layer) return version
  }
  return undefined
}

/** The layer's own word on a path. */
export function versionOf({ versions }: PathNode, layer: number): Version | undefined {
  for (let n = versions.length - 1; n >= 0; n--) {
    const version = versions[n] as Version
    if (version.layer <= layer) return version.layer === layer ? version : undefined
  }
  return undefined
}
