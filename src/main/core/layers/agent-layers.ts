import { AppError } from '../../../shared/errors'
import type { LayerEntryKind } from '../../../shared/model'
import type { AgentClient } from '../agent/agent-client'
import { readStream } from '../agent/read-stream'
import {
  childPath,
  emptyRoot,
  ownXattrs,
  type HardLinks,
  type LayerContent,
  type LayerNode,
  type NodeMore,
} from './tree/layer-node'
import { fromAgent } from './tree/name-text'

/** A layer of an image as the agent lists it. */
export interface AgentLayer {
  readonly diffId: string
  readonly chainId: string
  /** Absent from agents of before. */
  readonly command?: string
  readonly created?: string
}

export interface AgentImage {
  readonly agent: AgentClient
  /** The engine's data root. */
  readonly root: string
}

/** The lowest first. Throws `engine.unsupported` where layers are kept in another way than the agent knows. */
export const listLayers = (
  { agent, root }: AgentImage,
  image: string,
  signal: AbortSignal,
): Promise<AgentLayer[]> => agent.call('layers.list', { root, image }, signal)

/** A layer of an image, or the one that a container writes to, above the uppermost layer of its image. */
export type WhichLayer = { readonly chainId: string } | { readonly container: string; readonly above: string }

/** Walks a layer's folder. `onEntries` hears how many there are so far. */
export async function readAgentLayer(
  { agent, root }: AgentImage,
  which: WhichLayer,
  { signal, onEntries }: { signal: AbortSignal; onEntries?: (entries: number) => void },
): Promise<LayerContent> {
  const made = new AgentTree()
  const asked = { method: 'layers.tree', args: { root, ...which } }
  for await (const batch of readStream(agent, asked, signal)) {
    for (const entry of batch as unknown[]) made.add(entry)
    onEntries?.(made.entries)
  }
  return made.finish()
}

const kinds: Readonly<Record<string, LayerEntryKind | 'removed'>> = {
  ...{ f: 'file', d: 'folder', l: 'link', c: 'char-device', b: 'block-device', p: 'pipe', s: 'socket' },
  ...{ w: 'removed', '?': 'unknown' },
}

/** What the agent tells of few entries: native/agent/layers/entry.go. */
interface Told {
  readonly link?: string
  readonly opaque?: boolean
  readonly inode?: number
  readonly xattrs?: readonly string[]
  readonly major?: number
  readonly minor?: number
  readonly escaped?: boolean
  readonly linkEscaped?: boolean
  readonly cut?: boolean
}

type Row = readonly [
  parent: number,
  name: string,
  kind: string,
  size: number,
  mode: number,
  uid: number,
  gid: number,
  mtimeS: number,
  told?: Told,
]

/** Makes a layer of the agent's entries: a folder comes before what is in it. */
export class AgentTree {
  readonly #root = emptyRoot()
  readonly #folders = new Map<number, { readonly node: LayerNode; readonly parent: number }>()
  readonly #files = new Map<number, { readonly node: LayerNode; readonly parent: number }[]>()
  #sizeBytes = 0
  entries = 0

  add(entry: unknown): void {
    const row = rowOf(entry)
    const [parent, text, letter, size, mode, uid, gid, mtimeS, told] = row
    const kind = kinds[letter] ?? 'unknown'
    const folder = parent < 0 ? this.#root : this.#folders.get(parent)?.node
    if (!folder?.children) throw wrong()
    const name = fromAgent(text, told?.escaped)
    const node: LayerNode = { name, kind, size, mode, uid, gid, mtimeS }
    const more = told && moreOf(kind, told)
    if (more) node.more = more
    if (kind === 'folder') {
      node.children = new Map()
      this.#folders.set(this.entries, { node, parent })
    } else if (kind === 'file') this.#file(node, { parent, inode: told?.inode })
    folder.children.set(name, node)
    this.entries++
  }

  finish(): LayerContent {
    for (const files of this.#files.values()) {
      if (files.length < 2) continue
      const hardLinks: HardLinks = { paths: new Set() }
      for (const { node, parent } of files) {
        hardLinks.paths.add(childPath(this.#pathOf(parent), node.name))
        node.hardLinks = hardLinks
      }
    }
    return { root: this.#root, entries: this.entries, sizeBytes: this.#sizeBytes, refused: 0 }
  }

  #file(node: LayerNode, { parent, inode }: { parent: number; inode: number | undefined }): void {
    const same = inode === undefined ? undefined : this.#files.get(inode)
    if (!same) this.#sizeBytes += node.size
    if (inode === undefined) return
    if (same) same.push({ node, parent })
    else this.#files.set(inode, [{ node, parent }])
  }

  #pathOf(number: number): string {
    const names: string[] = []
    for (let at = this.#folders.get(number); at; at = this.#folders.get(at.parent)) names.push(at.node.name)
    return `/${names.reverse().join('/')}`
  }
}

function moreOf(kind: LayerNode['kind'], told: Told): NodeMore | undefined {
  const xattrs = told.xattrs ? ownXattrs(told.xattrs) : []
  const isDevice = kind === 'char-device' || kind === 'block-device'
  const more = {
    ...(told.link !== undefined && { link: fromAgent(told.link, told.linkEscaped) }),
    ...(told.opaque && { isOpaque: true }),
    ...(isDevice && { device: { major: told.major ?? 0, minor: told.minor ?? 0 } }),
    ...(xattrs.length > 0 && { xattrs }),
    ...(told.cut && { isCut: true }),
  }
  return Object.keys(more).length > 0 ? more : undefined
}

const wrong = (): AppError =>
  new AppError('engine.bad-answer', 'The agent sent a layer that cannot be read', {
    facts: { what: 'agent' },
  })

/** What crossed a wire is looked at before it is believed. */
function rowOf(entry: unknown): Row {
  if (!Array.isArray(entry)) throw wrong()
  const [, name, kind] = entry as unknown[]
  if (typeof name !== 'string' || typeof kind !== 'string') throw wrong()
  for (const at of [0, 3, 4, 5, 6, 7]) if (!Number.isFinite(entry[at])) throw wrong()
  const told: unknown = entry[8]
  if (told !== undefined && (typeof told !== 'object' || told === null)) throw wrong()
  return entry as unknown as Row
}
