import type { Delta, DeltaOf, Engine, InventoryItem, Kind, Road, Rows, Slice } from '../model'
import { kinds } from '../model'

/** One reader's copy of the inventory feed. Never changed in place: a new view shares what stayed the same. */
export interface InventoryView {
  readonly engines: readonly Engine[]
  readonly roads: readonly Road[]
  readonly slices: ReadonlyMap<string, SliceView>
}

export interface SliceView {
  readonly engine: string
  readonly kind: Kind
  readonly rev: number
  readonly byId: ReadonlyMap<string, Rows[Kind]>
}

export const emptyView: InventoryView = { engines: [], roads: [], slices: new Map() }

export const sliceKey = (engine: string, kind: Kind): string => `${engine}/${kind}`

/** The view after one item of the feed. `undefined`: something was missed, ask for the feed anew. */
export function applyItem(view: InventoryView, item: InventoryItem): InventoryView | undefined {
  switch (item.kind) {
    case 'snapshot':
      return { engines: item.engines, roads: item.roads, slices: new Map(item.slices.map(keyed)) }
    case 'engines':
      return { engines: item.engines, roads: item.roads, slices: withoutGone(view, item.engines) }
    case 'slices':
      return { ...view, slices: new Map([...view.slices, ...item.slices.map(keyed)]) }
    case 'deltas':
      return applyDeltas(view, item.deltas)
  }
}

/** All rows of one kind, of all engines or of one. */
export function rowsOf<K extends Kind>(view: InventoryView, kind: K, engine?: string): Rows[K][] {
  const rows: Rows[K][] = []
  for (const slice of view.slices.values()) {
    if (slice.kind !== kind || (engine !== undefined && slice.engine !== engine)) continue
    // The key of a slice is its kind: what stands in it is of that kind.
    for (const row of slice.byId.values()) rows.push(row as Rows[K])
  }
  return rows
}

/** `undefined` means we missed one: ask core for a fresh snapshot. */
export function applyDelta(slice: SliceView, delta: DeltaOf<Kind>): SliceView | undefined {
  if (delta.rev !== slice.rev + 1) return undefined
  const byId = new Map(slice.byId)
  for (const row of delta.put) byId.set(row.id, row)
  for (const id of delta.drop) byId.delete(id)
  return { ...slice, rev: delta.rev, byId }
}

function applyDeltas(view: InventoryView, deltas: readonly Delta[]): InventoryView | undefined {
  const slices = new Map(view.slices)
  for (const delta of deltas) {
    const key = sliceKey(delta.engine, delta.kind)
    const slice = slices.get(key)
    const next = slice && applyDelta(slice, delta)
    if (!next) return undefined
    slices.set(key, next)
  }
  return { ...view, slices }
}

const keyed = (slice: Slice): [string, SliceView] => [
  sliceKey(slice.engine, slice.kind),
  {
    engine: slice.engine,
    kind: slice.kind,
    rev: slice.rev,
    byId: new Map(slice.rows.map((row) => [row.id, row])),
  },
]

function withoutGone(view: InventoryView, engines: readonly Engine[]): ReadonlyMap<string, SliceView> {
  const alive = new Set(engines.flatMap((engine) => kinds.map((kind) => sliceKey(engine.id, kind))))
  return new Map([...view.slices].filter(([key]) => alive.has(key)))
}
