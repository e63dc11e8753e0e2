import type { TarHeader } from '../../platform/tar/tar-header'
import {
  childPath,
  emptyRoot,
  maxDepth,
  ownXattrs,
  type LayerContent,
  type LayerNode,
  type NodeMore,
} from './layer-node'
import { nameText } from './name-text'

/** As in OCI's image-spec, layer.md, "Whiteouts". */
const removedPrefix = '.wh.'
const opaqueName = '.wh..wh..opq'
/** AUFS's own; no engine unpacks them. */
const metaPrefix = '.wh..wh.'

/** Makes a layer of the entries of its tar, as an engine would unpack it. */
export class LayerBuilder {
  readonly #root = emptyRoot()
  #refused = 0
  #at = -1

  add(header: TarHeader): void {
    this.#at++
    if (header.kind === 'other') return
    const parts = partsOf(header.name)
    const name = parts?.at(-1)
    if (!parts || (name === undefined && header.kind !== 'folder')) {
      this.#refused++
      return
    }
    // The root itself: its attributes are nobody's question, and the agent's walk has no entry for it.
    if (name === undefined) return
    const folder = this.#folderFor(parts.slice(0, -1))
    if (!folder) return
    if (name === opaqueName) folder.node.more = { ...folder.node.more, isOpaque: true }
    else if (name.startsWith(metaPrefix)) return
    else if (name.startsWith(removedPrefix)) this.#put(folder, removedNode(name.slice(removedPrefix.length)))
    else this.#entry(folder, name, header)
  }

  finish(): LayerContent {
    const sums = { entries: 0, sizeBytes: 0 }
    const groups = new Set<object>()
    const count = (node: LayerNode): void => {
      sums.entries++
      if (node.kind === 'file' && !groups.has(node.hardLinks ?? node)) sums.sizeBytes += node.size
      if (node.hardLinks) groups.add(node.hardLinks)
      for (const child of node.children?.values() ?? []) count(child)
    }
    for (const child of this.#root.children?.values() ?? []) count(child)
    dropLonely(this.#root)
    return { root: this.#root, ...sums, refused: this.#refused }
  }

  #entry(folder: Place, name: string, header: TarHeader): void {
    if (header.kind !== 'hard-link') {
      this.#put(folder, nodeOf(name, header, { depth: folder.depth, at: this.#at }))
      return
    }
    const targetPath = partsOf(header.link)
    const target = targetPath && this.#find(targetPath)
    // A name for what this layer does not hold: engines with overlay2 refuse it.
    if (!target || target.kind === 'folder' || target.kind === 'removed') {
      this.#refused++
      return
    }
    if (target.kind === 'file') target.hardLinks ??= { paths: new Set([`/${targetPath.join('/')}`]) }
    this.#put(folder, { ...target, name })
    target.hardLinks?.paths.add(childPath(folder.path, name))
  }

  /** What was there makes way, but a folder stays for another folder. */
  #put({ node: folder, path }: Place, node: LayerNode): void {
    const known = folder.children?.get(node.name)
    if (known) forget(known, childPath(path, node.name), node.kind === 'folder')
    if (node.kind === 'folder') {
      node.children = known?.children ?? new Map<string, LayerNode>()
      if (known?.more?.isOpaque) node.more = { ...node.more, isOpaque: true }
    }
    folder.children?.set(node.name, node)
  }

  #find(parts: readonly string[]): LayerNode | undefined {
    let at: LayerNode | undefined = this.#root
    for (const part of parts) at = at?.children?.get(part)
    return at
  }

  /** The folder that an entry goes into: made where the tar has none. */
  #folderFor(parts: readonly string[]): Place | undefined {
    let node = this.#root
    for (const [depth, part] of parts.entries()) {
      if (depth > maxDepth) return undefined
      let next = node.children?.get(part)
      if (next?.kind === 'removed' || !next) {
        next = { ...emptyRoot(), name: part, ...(depth >= maxDepth && { more: { isCut: true } }) }
        node.children?.set(part, next)
      }
      // Below what is no folder nothing can be.
      if (!next.children) {
        this.#refused++
        return undefined
      }
      node = next
    }
    return parts.length > maxDepth ? undefined : { node, path: `/${parts.join('/')}`, depth: parts.length }
  }
}

interface Place {
  readonly node: LayerNode
  readonly path: string
  readonly depth: number
}

/** The parts of a cleaned path; `undefined` for one that leaves the root or is no name. */
function partsOf(name: Buffer): string[] | undefined {
  if (name.includes(0)) return undefined
  const parts: string[] = []
  // No character of UTF-8 has a slash in it: the whole is decoded at once.
  for (const part of nameText(name).split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts
}

const removedNode = (name: string): LayerNode => ({
  ...{ name, kind: 'removed', size: 0, mode: 0, uid: 0, gid: 0, mtimeS: 0 },
})

function nodeOf(name: string, header: TarHeader, { depth, at }: { depth: number; at: number }): LayerNode {
  // overlayfs's own mark: an engine would unpack it as such.
  if (header.kind === 'char-device' && header.major === 0 && header.minor === 0) return removedNode(name)
  const { kind, size, uid, gid, mtimeS } = header
  const node: LayerNode = {
    name,
    kind: kind === 'hard-link' || kind === 'other' ? 'unknown' : kind,
    size,
    // Nobody can give a link another mode.
    mode: kind === 'link' ? 0o777 : header.mode,
    uid,
    gid,
    mtimeS,
    at,
  }
  const more = moreOf(header, kind === 'folder' && depth >= maxDepth)
  if (more) node.more = more
  return node
}

function moreOf({ kind, link, xattrs, major, minor }: TarHeader, isCut: boolean): NodeMore | undefined {
  if (kind === 'file' && xattrs.length === 0) return undefined
  const own = kind === 'file' || kind === 'folder' ? ownXattrs(xattrs) : []
  const isDevice = kind === 'char-device' || kind === 'block-device'
  const more = {
    ...(kind === 'link' && { link: nameText(link) }),
    ...(isDevice && { device: { major, minor } }),
    ...(own.length > 0 && { xattrs: own }),
    ...(isCut && { isCut }),
  }
  return Object.keys(more).length > 0 ? more : undefined
}

/** A name that is written again is no name of the first file any more. */
function forget(node: LayerNode, path: string, isForFolder: boolean): void {
  const { hardLinks, children } = node
  hardLinks?.paths.delete(path)
  if (children && !isForFolder)
    for (const child of children.values()) forget(child, childPath(path, child.name), false)
}

/** Of several names one may be left. */
function dropLonely(node: LayerNode): void {
  if (node.hardLinks && node.hardLinks.paths.size < 2) delete node.hardLinks
  for (const child of node.children?.values() ?? []) dropLonely(child)
}
