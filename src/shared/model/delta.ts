import type { Container } from './container'
import type { Engine, Road } from './engine'
import type { EngineId, Kind } from './ids'
import type { Image } from './image'
import type { Network } from './network'
import type { Volume } from './volume'

/** The rows of one engine. */
export interface Rows {
  readonly containers: Container
  readonly images: Image
  readonly volumes: Volume
  readonly networks: Network
}

export interface Row {
  readonly engine: EngineId
  readonly id: string
}

/** All rows of one kind of one engine at revision `rev`. */
export interface SliceOf<K extends Kind> {
  readonly engine: EngineId
  readonly kind: K
  readonly rev: number
  readonly rows: readonly Rows[K][]
}
export type Slice = { [K in Kind]: SliceOf<K> }[Kind]

/** What changed between revision `rev - 1` and `rev`. */
export interface DeltaOf<K extends Kind> {
  readonly engine: EngineId
  readonly kind: K
  readonly rev: number
  readonly put: readonly Rows[K][]
  readonly drop: readonly string[]
}
export type Delta = { [K in Kind]: DeltaOf<K> }[Kind]

/**
 * What the inventory feed sends. First always a snapshot. A reader that fell behind gets another
 * snapshot in place of the deltas that it missed; a snapshot replaces everything.
 */
export type InventoryItem =
  | {
      readonly kind: 'snapshot'
      readonly engines: readonly Engine[]
      readonly roads: readonly Road[]
      readonly slices: readonly Slice[]
    }
  | { readonly kind: 'engines'; readonly engines: readonly Engine[]; readonly roads: readonly Road[] }
  /** Whole slices: an engine was listed anew. `rows` empty and engine gone from `engines`: drop it. */
  | { readonly kind: 'slices'; readonly slices: readonly Slice[] }
  | { readonly kind: 'deltas'; readonly deltas: readonly Delta[] }
