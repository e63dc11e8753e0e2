import { useMemo } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Engine, InventoryItem, Kind, ObjectRef, Road, Rows } from '../../shared/model'
import { isHelper, kinds } from '../../shared/model'
import { applyItem, emptyView, rowsOf, sliceKey, type InventoryView } from '../../shared/feed/inventory-view'
import { runFeed } from './feed'
import { useSettings } from './settings'
import { whileSeen } from './while-seen'

/** `waiting`: nothing came yet. `live`: what is shown is true. `stale`: it was true; the feed is away. */
export type FeedState = 'waiting' | 'live' | 'stale'

interface InventoryState {
  readonly view: InventoryView
  readonly feed: FeedState
  /** All rows by kind: the same array until a row of that kind changes. */
  readonly rows: { readonly [K in Kind]: readonly Rows[K][] }
}

const nothing: InventoryState = {
  view: emptyView,
  feed: 'waiting',
  rows: { containers: [], images: [], volumes: [], networks: [] },
}

export const inventoryStore = createStore<InventoryState>(() => nothing)

/** Takes one item in. False: something was missed, the feed must be opened anew. */
export function applyInventory(item: InventoryItem): boolean {
  const before = inventoryStore.getState()
  const view = applyItem(before.view, item)
  if (!view) return false
  inventoryStore.setState({ view, feed: 'live', rows: rowsAfter(before, view) })
  return true
}

export const forgetInventory = (): void => inventoryStore.setState(nothing, true)

/** Keeps the arrays of kinds in which nothing changed, so that their readers do not draw again. */
function rowsAfter(before: InventoryState, view: InventoryView): InventoryState['rows'] {
  const rows: Record<Kind, readonly Rows[Kind][]> = { ...before.rows }
  for (const kind of kinds) if (hasChanged(before.view, view, kind)) rows[kind] = rowsOf(view, kind)
  return rows as InventoryState['rows']
}

function hasChanged(before: InventoryView, after: InventoryView, kind: Kind): boolean {
  const of = (view: InventoryView): readonly unknown[] =>
    [...view.slices.values()].filter((slice) => slice.kind === kind).map((slice) => slice.byId)
  const [old, now] = [of(before), of(after)]
  return old.length !== now.length || old.some((byId, index) => byId !== now[index])
}

/** While it is open core asks each engine again and again whether it lives: a hidden window closes it. */
export const startInventory = (): (() => void) =>
  whileSeen(() =>
    runFeed('inventory.watch', {
      onItem: applyInventory,
      onLost: () =>
        inventoryStore.setState((state) => ({ feed: state.feed === 'live' ? 'stale' : state.feed })),
    }),
  )

/** All rows of one kind of all engines, in no order. The same array until one of them changes. */
export function useRows<K extends Kind>(kind: K): readonly Rows[K][] {
  const { showHelpers } = useSettings()
  return useStore(inventoryStore, (state) =>
    showHelpers ? state.rows[kind] : withoutHelpers(state.rows[kind]),
  )
}

const shown = new WeakMap<readonly object[], readonly object[]>()

/** What is of our own and serves core is not what a person looks for. The same array for the same rows. */
function withoutHelpers<T extends { readonly labels: Readonly<Record<string, string>> }>(
  rows: readonly T[],
): readonly T[] {
  let kept = shown.get(rows)
  if (!kept) shown.set(rows, (kept = rows.some(isHelper) ? rows.filter((row) => !isHelper(row)) : rows))
  // What was kept for these rows is of these rows.
  return kept as readonly T[]
}

/** One row; `undefined` when it is not (any more) there. `ref.id` may be a beginning of the id, or a name. */
export function useRow<K extends Kind>(kind: K, ref: ObjectRef | undefined): Rows[K] | undefined {
  return useStore(inventoryStore, (state) => (ref ? findRow(state.view, kind, ref) : undefined))
}

export function findRow<K extends Kind>(view: InventoryView, kind: K, ref: ObjectRef): Rows[K] | undefined {
  const byId = view.slices.get(sliceKey(ref.engine, kind))?.byId
  // The key of a slice is its kind: what stands in it is of that kind.
  const exact = byId?.get(ref.id) as Rows[K] | undefined
  if (exact ?? !byId) return exact
  for (const row of byId.values()) if (isNamed(row, ref.id)) return row as Rows[K]
  return undefined
}

function isNamed(row: Rows[Kind], id: string): boolean {
  if ('name' in row && row.name === id) return true
  if ('tags' in row && (row.tags.includes(id) || row.id.startsWith(`sha256:${id}`))) return id !== ''
  return id.length >= 12 && row.id.startsWith(id)
}

export const useEngines = (): readonly Engine[] => useStore(inventoryStore, (state) => state.view.engines)
export const useEngine = (id: string | undefined): Engine | undefined =>
  useStore(inventoryStore, (state) => state.view.engines.find((engine) => engine.id === id))
export const useRoads = (): readonly Road[] => useStore(inventoryStore, (state) => state.view.roads)
export const useFeedState = (): FeedState => useStore(inventoryStore, (state) => state.feed)

/** The engines that answer now. */
export function useRunningEngines(): readonly Engine[] {
  const engines = useEngines()
  return useMemo(() => engines.filter((engine) => engine.state.kind === 'running'), [engines])
}
