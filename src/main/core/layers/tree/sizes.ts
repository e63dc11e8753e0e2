import { shownName, type SizeNode } from '../../../../shared/model'
import { pathOf, type PathNode } from './image-tree'
import type { ImageView, Shown } from './image-view'
import { kindOf } from './listing'

/** More boxes side by side than these nobody tells apart: the rest is one. */
const maxSiblings = 60

interface Growing {
  readonly shown: Shown | undefined
  readonly path: PathNode
  readonly bytes: number
  readonly level: number
  children?: (Growing | SizeNode)[]
}

/**
 * Nodes for a treemap below a folder: the largest folders are opened first, until there are `limit` nodes or all
 * are `depth` deep. What a folder holds beyond its largest children is its `others`.
 */
export function sizesBelow(
  view: ImageView,
  folder: PathNode,
  { depth, limit }: { depth: number; limit: number },
): SizeNode {
  const own = folder.parent && view.shown(folder)
  const total = own ? view.sumsOf(own).bytes : rootBytes(view, folder)
  const root: Growing = { shown: own, path: folder, bytes: total, level: 0 }
  const open: Growing[] = [root]
  let left = limit - 1
  while (open.length > 0 && left > 0) {
    const next = takeLargest(open)
    if (next.level >= depth) continue
    const { children, opened } = openFolder(view, next, left)
    if (children.length === 0) continue
    next.children = children
    left -= children.length
    open.push(...opened)
  }
  return finish(view, root)
}

const rootBytes = (view: ImageView, folder: PathNode): number => {
  let bytes = 0
  for (const shown of view.children(folder)) bytes += view.sumsOf(shown).bytes
  return bytes
}

function takeLargest(open: Growing[]): Growing {
  let at = 0
  for (let n = 1; n < open.length; n++) if ((open[n]?.bytes ?? 0) > (open[at]?.bytes ?? 0)) at = n
  return open.splice(at, 1)[0] as Growing
}

function openFolder(view: ImageView, { path, level }: Growing, left: number) {
  const found: Growing[] = []
  for (const shown of view.children(path)) {
    const { bytes } = view.sumsOf(shown)
    if (bytes > 0) found.push({ shown, path: shown.path, bytes, level: level + 1 })
  }
  found.sort((a, b) => b.bytes - a.bytes || (a.path.name < b.path.name ? -1 : 1))
  const room = Math.min(maxSiblings, left)
  const shownOnes = found.length <= room ? found : found.slice(0, Math.max(room - 1, 0))
  const rest = found.slice(shownOnes.length)
  const children: (Growing | SizeNode)[] = [...shownOnes]
  if (rest.length > 0) children.push(others(path, rest))
  return { children, opened: shownOnes.filter(({ shown }) => shown?.node.kind === 'folder') }
}

const others = (folder: PathNode, rest: readonly Growing[]): SizeNode => ({
  ...{ path: pathOf(folder), name: '', kind: 'others', count: rest.length, change: 'unchanged', layer: 0 },
  bytes: rest.reduce((sum, { bytes }) => sum + bytes, 0),
})

function finish(view: ImageView, { shown, path, bytes, children }: Growing): SizeNode {
  return {
    ...{ path: pathOf(path), name: shownName(path.name), bytes },
    kind: shown ? kindOf(shown) : 'folder',
    count: shown ? view.sumsOf(shown).count : 0,
    change: shown ? view.changeOf(shown) : 'unchanged',
    layer: shown ? view.writerOf(shown) : 0,
    ...(children && { children: children.map((child) => ('level' in child ? finish(view, child) : child)) }),
  }
}
