import {
  diskKinds,
  type DiskEntry,
  type DiskKind,
  type DiskReport,
  type EngineId,
} from '../../../shared/model'
import type { TreemapNode } from '../../ui'

export type Shown = 'all' | DiskKind

/** A line of the table: what takes space, by the name that a person knows it by. */
export interface DiskRow extends DiskEntry {
  readonly engine: EngineId
  readonly name: string
  /** Where there is more of it; `undefined`: nowhere. */
  readonly path?: string
}

/** Names of what the inventory holds, by kind and id. */
export type NamesOf = (entry: DiskEntry) => string | undefined

export const toRows = (report: DiskReport, namesOf: NamesOf): readonly DiskRow[] =>
  report.entries.map((entry) => {
    const known = namesOf(entry)
    const page = pages[entry.kind]
    const path = page && `/${page}/${encodeURIComponent(report.engine)}/${encodeURIComponent(entry.id)}`
    return {
      ...entry,
      engine: report.engine,
      name: known ?? shortId(entry.id),
      // What the inventory does not hold has no page: an image of a build's steps, a container that just went.
      ...(known !== undefined && path !== undefined && { path }),
    }
  })

const pages: Readonly<Partial<Record<DiskKind, string>>> = {
  image: 'images',
  container: 'containers',
  volume: 'volumes',
}

const shortId = (id: string): string => {
  const bare = id.replace(/^sha256:/, '')
  return /^[0-9a-z]{25,}$/.test(bare) ? bare.slice(0, 12) : id
}

/** A picture holds no more: the small ones are one field together. */
const drawn = 40

/** What the picture says beside the names of its rows. */
export interface TreeWords {
  readonly kind: (kind: DiskKind) => string
  /** What several share, and the small ones. */
  readonly rest: string
}

/** The report as areas: kinds with their biggest, or just one kind. */
export function toTree(report: DiskReport, rows: readonly DiskRow[], words: TreeWords): TreemapNode {
  const children = diskKinds.map((kind, colour) => kindNode({ report, rows, kind, colour, words }))
  const value = children.reduce((sum, node) => sum + node.value, 0)
  return { key: 'all', name: '', value, isFolder: true, children: children.filter((node) => node.value > 0) }
}

interface KindShape {
  readonly report: DiskReport
  readonly rows: readonly DiskRow[]
  readonly kind: DiskKind
  readonly colour: number
  readonly words: TreeWords
}

function kindNode({ report, rows, kind, colour, words }: KindShape): TreemapNode {
  const own = rows.filter((row) => row.kind === kind && row.bytes > 0).slice(0, drawn)
  const children = own.map((row): TreemapNode => ({
    ...{ key: `${kind}/${row.id}`, name: row.name, value: row.bytes, isFolder: false },
  }))
  const owned = own.reduce((sum, row) => sum + row.bytes, 0)
  const value = Math.max(report.totals[kind], owned)
  if (value > owned && owned > 0)
    children.push({ key: `${kind}/`, name: words.rest, value: value - owned, isFolder: false })
  return { key: kind, name: words.kind(kind), value, isFolder: true, colour, children }
}
