import { shownName, type WastedPath } from '../../../../shared/model'
import { each, pathOf, type ImageTree, type PathNode, type Version } from './image-tree'
import { firstPath, type HardLinks } from './layer-node'

type Copy = WastedPath['copies'][number]

export interface Waste {
  /** The worst first. */
  readonly paths: readonly WastedPath[]
  readonly wastedBytes: number
  readonly byLayer: readonly number[]
}

/** Bytes of a layer that a later one hides. A file with several names is hidden with the last of them. */
export function findWaste(tree: ImageTree): Waste {
  const hidden = new Map<string, Copy[]>()
  const groups = new Map<HardLinks, Map<number, Copy[]>>()
  const put = (path: string, copy: Copy): void => {
    const known = hidden.get(path)
    if (known) known.push(copy)
    else hidden.set(path, [copy])
  }
  each(tree.root, (node) => {
    for (const [version, copy] of hiddenCopies(node)) {
      const group = version.node?.hardLinks
      if (!group) {
        put(pathOf(node), copy)
        continue
      }
      // An image may have one layer twice: each is a copy of its own.
      const copies = groups.get(group) ?? new Map<number, Copy[]>()
      groups.set(group, copies.set(version.layer, [...(copies.get(version.layer) ?? []), copy]))
    }
  })
  for (const [group, copies] of groups)
    for (const seen of copies.values())
      if (seen.length === group.paths.size) put(firstPath(group), lastHidden(seen))
  return sum(hidden, tree.layers.length)
}

const lastHidden = (copies: readonly Copy[]): Copy =>
  copies.reduce((last, copy) => (copy.hiddenBy > last.hiddenBy ? copy : last))

function* hiddenCopies({ versions }: PathNode): Generator<[Version, Copy]> {
  if (versions.length < 2) return
  for (let n = 0; n + 1 < versions.length; n++) {
    const version = versions[n] as Version
    const next = versions[n + 1] as Version
    if (version.node?.kind !== 'file') continue
    const how = next.change === 'removed' ? 'removed' : 'changed'
    const copy = { layer: version.layer, sizeBytes: version.node.size, hiddenBy: next.layer, how } as const
    yield [version, copy]
  }
}

function sum(hidden: ReadonlyMap<string, readonly Copy[]>, layers: number): Waste {
  const byLayer = Array.from({ length: layers }, () => 0)
  const paths: WastedPath[] = []
  let wastedBytes = 0
  for (const [path, all] of hidden) {
    const copies = all.filter(({ sizeBytes }) => sizeBytes > 0).sort((a, b) => a.layer - b.layer)
    const bytes = copies.reduce((total, { sizeBytes }) => total + sizeBytes, 0)
    if (bytes === 0) continue
    for (const { layer, sizeBytes } of copies) byLayer[layer] = (byLayer[layer] ?? 0) + sizeBytes
    wastedBytes += bytes
    const name = shownName(path.slice(path.lastIndexOf('/') + 1))
    paths.push({ path, name, wastedBytes: bytes, copies })
  }
  paths.sort((a, b) => b.wastedBytes - a.wastedBytes || (a.path < b.path ? -1 : 1))
  return { paths, wastedBytes, byLayer }
}
