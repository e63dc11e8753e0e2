import type { LayerEntryKind } from '../../../../shared/model'

/** Each level below costs a call: deeper is a trap. The agent stops at the same depth, see docs/agent-protocol.md. */
export const maxDepth = 500

/** What few entries have. */
export interface NodeMore {
  readonly link?: string
  readonly isOpaque?: boolean
  readonly xattrs?: readonly string[]
  readonly device?: { readonly major: number; readonly minor: number }
  readonly isCut?: boolean
}

/** The names of one file within a layer. */
export interface HardLinks {
  readonly paths: Set<string>
}

/** What a layer holds at one path. `removed`: a mark that hides what lies below. */
export interface LayerNode {
  /** As in `LayerEntry.path`: bytes that are no UTF-8 and backslashes as `\xHH`. */
  readonly name: string
  readonly kind: LayerEntryKind | 'removed'
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtimeS: number
  /** Which entry of the layer's tar holds its bytes, from 0; absent where a folder was walked. */
  readonly at?: number
  /** SHA-256 of a file's bytes in base64, once it was asked for; empty where it could not be read. */
  digest?: string
  more?: NodeMore
  hardLinks?: HardLinks
  children?: Map<string, LayerNode>
}

/** All that a layer does. */
export interface LayerContent {
  readonly root: LayerNode
  readonly entries: number
  /** Files' bytes, hard links once. */
  readonly sizeBytes: number
  readonly refused: number
}

/** The root of a layer, which has no entry of its own. */
export const emptyRoot = (): LayerNode => ({
  ...{ name: '', kind: 'folder', size: 0, mode: 0o755, uid: 0, gid: 0, mtimeS: 0, children: new Map() },
})

export const childPath = (folder: string, name: string): string =>
  folder === '/' ? `/${name}` : `${folder}/${name}`

/** Xattrs that the host's policy puts on every file: they are not the image's. */
const ofTheHost = new Set(['security.selinux'])
export const ownXattrs = (names: readonly string[]): string[] =>
  names.filter((name) => !ofTheHost.has(name) && !name.startsWith('trusted.overlay.')).sort()

const firsts = new WeakMap<HardLinks, string>()

/** The name that counts a file's bytes, once the layer is whole. */
export function firstPath(links: HardLinks): string {
  const known = firsts.get(links)
  if (known !== undefined) return known
  const first = [...links.paths].reduce((least, path) => (path < least ? path : least))
  firsts.set(links, first)
  return first
}
