import type { FileChange } from '../../../../shared/model'

export type Change = FileChange['change']
export const changes = ['added', 'modified', 'deleted'] as const satisfies readonly Change[]

/** One line of the tree of changed files, folders before what is in them. */
export interface ChangeLine {
  readonly path: string
  readonly name: string
  readonly depth: number
  /** Absent for a folder that only leads to changes. */
  readonly change?: Change
  /** How many changed paths are below. Zero for a leaf. */
  readonly below: number
  readonly isCollapsed: boolean
}

export const countChanges = (given: readonly FileChange[]): Readonly<Record<Change, number>> => {
  const counts = { added: 0, modified: 0, deleted: 0 }
  for (const one of given) counts[one.change]++
  return counts
}

export function narrowChanges(
  given: readonly FileChange[],
  kinds: ReadonlySet<Change>,
  query: string,
): readonly FileChange[] {
  const word = query.trim().toLowerCase()
  return given.filter((one) => kinds.has(one.change) && (!word || one.path.toLowerCase().includes(word)))
}

interface Node {
  readonly path: string
  readonly name: string
  change?: Change
  below: number
  readonly inside: Map<string, Node>
}

/** The changes as a tree, folders first, in order of name; what is below a collapsed folder is left out. */
export function toLines(given: readonly FileChange[], collapsed: ReadonlySet<string>): readonly ChangeLine[] {
  const root: Node = { path: '', name: '', below: 0, inside: new Map() }
  for (const one of given) place(root, one)
  const lines: ChangeLine[] = []
  write(root, 0, { collapsed, lines })
  return lines
}

function place(root: Node, one: FileChange): void {
  let node = root
  for (const name of one.path.split('/').filter(Boolean)) {
    node.below++
    let next = node.inside.get(name)
    if (!next) {
      next = { path: `${node.path}/${name}`, name, below: 0, inside: new Map() }
      node.inside.set(name, next)
    }
    node = next
  }
  node.change = one.change
}

function write(
  node: Node,
  depth: number,
  to: { readonly collapsed: ReadonlySet<string>; readonly lines: ChangeLine[] },
): void {
  const inside = [...node.inside.values()].sort(
    (a, b) => Number(b.inside.size > 0) - Number(a.inside.size > 0) || (a.name < b.name ? -1 : 1),
  )
  for (const one of inside) {
    const isCollapsed = to.collapsed.has(one.path)
    const { path, name, below } = one
    to.lines.push({ path, name, depth, below, isCollapsed, ...(one.change && { change: one.change }) })
    if (!isCollapsed) write(one, depth + 1, to)
  }
}
