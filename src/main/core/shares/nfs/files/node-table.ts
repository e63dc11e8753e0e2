import { NfsError, nfsStatus } from '../procedures/nfs-status'
import { decodeHandle, encodeHandle, identityKey, identityOf, trailOf } from './file-handle'
import { type BytePath, childOf, type HostStat, lstat } from './host-files'
import { findByTrail } from './trail-search'
import type { ShareRoot } from './share-root'

/** A file or folder that a client holds a handle of. Its way is by its parents, so a moved folder moves all in it. */
export interface FileNode {
  readonly share: ShareRoot
  readonly handle: Buffer
  readonly key: string
  /** Where it was last seen; more than one for hard links. Empty for a share's root. */
  places: readonly Place[]
}

export interface Place {
  readonly parent: FileNode
  readonly name: string
}

/** A node that is there now, at `path`, with what the disk says of it. */
export interface Found {
  readonly node: FileNode
  readonly path: BytePath
  readonly stat: HostStat
}

/** About 300 bytes each. What was forgotten is found again by its handle's trail. */
const maxNodes = 65_536
const maxPlaces = 8
/** Deeper than any path that the system takes (4096 bytes). */
const maxDepth = 2048

/** Which handle means which file. */
export class NodeTable {
  readonly #byHandle = new Map<string, FileNode>()
  readonly #byKey = new Map<string, FileNode>()

  constructor(
    private readonly secret: Buffer,
    private readonly shareOf: (tag: number) => ShareRoot | undefined,
    private readonly limit = maxNodes,
  ) {}

  get size(): number {
    return this.#byHandle.size
  }

  /** The node of a share's root. */
  async root(share: ShareRoot): Promise<Found> {
    const stat = await lstat(share.path)
    if (!stat.isDirectory()) throw new NfsError(nfsStatus.notdir)
    return { node: this.#nodeOf(share, stat, []), path: share.path, stat }
  }

  /** The node of a name that was just seen in a folder. */
  child(parent: FileNode, name: string, stat: HostStat): FileNode {
    return this.#nodeOf(parent.share, stat, [{ parent, name }])
  }

  /** The node of a handle, without a look at the disk. */
  known(handle: Buffer): FileNode | undefined {
    const node = this.#byHandle.get(handle.toString('latin1'))
    return node && this.shareOf(node.share.tag) === node.share ? node : undefined
  }

  /** What the handle means, checked against the disk: STALE when it is no more, BADHANDLE when it never was. */
  async resolve(handle: Buffer): Promise<Found> {
    const known = this.known(handle)
    const found = known && (await this.#look(known))
    if (found) return found
    const fields = decodeHandle(this.secret, handle)
    if (!fields) throw new NfsError(nfsStatus.badhandle)
    const share = this.shareOf(fields.share)
    if (!share) throw new NfsError(nfsStatus.stale)
    const way = await findByTrail(share, fields)
    if (!way) throw new NfsError(nfsStatus.stale)
    return this.#adopt(share, handle, way)
  }

  /** Says that a name leads elsewhere now, after a RENAME that was done. */
  moved(node: FileNode, from: Place, to: Place): void {
    node.places = [to, ...node.places.filter((place) => !isPlace(place, from) && !isPlace(place, to))]
  }

  parentOf(node: FileNode): FileNode {
    return node.places[0]?.parent ?? node
  }

  async #look(node: FileNode): Promise<Found | undefined> {
    if (node.places.length === 0) {
      const stat = await lstat(node.share.path).catch(() => undefined)
      return stat && identityKey(stat) === node.key ? { node, path: node.share.path, stat } : undefined
    }
    for (const place of node.places) {
      const path = pathOf(place)
      const stat = path === undefined ? undefined : await lstat(path).catch(() => undefined)
      if (stat && path !== undefined && identityKey(stat) === node.key) return { node, path, stat }
    }
    return undefined
  }

  /** Makes the nodes of a way that a handle's trail led along. The handle stays what the client has. */
  #adopt(
    share: ShareRoot,
    handle: Buffer,
    way: readonly { name: string; path: BytePath; stat: HostStat }[],
  ): Found {
    let places: readonly Place[] = []
    way.forEach((step, at) => {
      if (at < way.length - 1)
        places = [{ parent: this.#nodeOf(share, step.stat, places), name: way[at + 1]?.name ?? '' }]
    })
    const last = way.at(-1)
    if (!last) throw new NfsError(nfsStatus.stale)
    this.#forgetKey(`${share.tag}/${identityKey(last.stat)}`)
    const node = this.#add({ share, handle: Buffer.from(handle), key: identityKey(last.stat), places })
    return { node, path: last.path, stat: last.stat }
  }

  #nodeOf(share: ShareRoot, stat: HostStat, places: readonly Place[]): FileNode {
    const key = identityKey(stat)
    const known = this.#byKey.get(`${share.tag}/${key}`)
    if (known && known.share === share && known.places.length > 0 === places.length > 0) {
      this.#touch(known)
      known.places = mergedPlaces(known.places, places, stat.nlink > 1n && !stat.isDirectory())
      return known
    }
    const names = placeNames(places)
    const handle = encodeHandle(this.secret, {
      ...identityOf(stat),
      share: share.tag,
      depth: names.length,
      trail: trailOf(names),
    })
    return this.#add({ share, handle, key, places })
  }

  #add(node: FileNode): FileNode {
    this.#byHandle.set(node.handle.toString('latin1'), node)
    this.#byKey.set(`${node.share.tag}/${node.key}`, node)
    if (this.#byHandle.size > this.limit) {
      const oldest = this.#byHandle.values().next()
      if (!oldest.done) this.#forget(oldest.value)
    }
    return node
  }

  #touch(node: FileNode): void {
    const key = node.handle.toString('latin1')
    this.#byHandle.delete(key)
    this.#byHandle.set(key, node)
  }

  #forgetKey(key: string): void {
    const node = this.#byKey.get(key)
    if (node) this.#forget(node)
  }

  #forget(node: FileNode): void {
    this.#byHandle.delete(node.handle.toString('latin1'))
    const key = `${node.share.tag}/${node.key}`
    if (this.#byKey.get(key) === node) this.#byKey.delete(key)
  }
}

const isPlace = (one: Place, other: Place): boolean => one.parent === other.parent && one.name === other.name

function mergedPlaces(known: readonly Place[], seen: readonly Place[], hasMore: boolean): readonly Place[] {
  if (!hasMore) return seen
  const rest = known.filter((place) => !seen.some((other) => isPlace(place, other)))
  return [...seen, ...rest].slice(0, maxPlaces)
}

function placeNames(places: readonly Place[]): string[] {
  const names: string[] = []
  for (let place = places[0]; place && names.length < maxDepth; place = place.parent.places[0])
    names.push(place.name)
  return names.reverse()
}

function pathOf(place: Place): BytePath | undefined {
  const names = placeNames([place])
  // A folder that was moved into itself by the host's doing: no way out of the ring.
  if (names.length >= maxDepth) return undefined
  return childOf(place.parent.share.path, names.join('/'))
}
