import { AppError } from '../../../shared/errors'
import {
  kinds,
  type Delta,
  type Engine,
  type EngineEvent,
  type EngineState,
  type Kind,
  type Rows,
  type Slice,
} from '../../../shared/model'
import { EngineConnection, type EngineSource } from '../engine/connection'
import type { ConnectedEngine } from '../engine/engine-client'
import type { RawEvent } from '../engine/events'
import { noFeatures } from '../engine/version'
import { targetsOf, type Target } from './event-targets'
import { firstLists } from './first-lists'
import { KindRows } from './kind-rows'
import { rowSources } from './row-source'

/** What happens within it leaves as one delta; the first change of a quiet time leaves at once. */
const joinMs = 50

export interface EntryListeners {
  onState(): void
  onAway(): void
  /** Another of its lists is missing, or has come. */
  onMissing(): void
  onRows(changes: { readonly slices: readonly Slice[]; readonly deltas: readonly Delta[] }): void
  onEvents(events: readonly EngineEvent[]): void
}

type AllRows = { readonly [K in Kind]: KindRows<K> }

/** One engine of the inventory: its connection joined to the copy of what it holds. */
export class EngineEntry {
  readonly source: EngineSource
  readonly #listeners: EntryListeners
  readonly #connection: EngineConnection
  readonly #kinds: AllRows
  /** The last that answered: a lost engine keeps its version on screen. */
  #known: ConnectedEngine | undefined
  /** Told while a session begins: its lists are asked for, and have not taken their time yet. */
  #missingBefore: { readonly missing: Engine['missing'] } | undefined
  #flushTimer: NodeJS.Timeout | undefined
  #flushedMs = -Infinity

  constructor(source: EngineSource, listeners: EntryListeners) {
    this.source = source
    this.#listeners = listeners
    this.#kinds = {
      containers: this.#rowsOf('containers'),
      images: this.#rowsOf('images'),
      volumes: this.#rowsOf('volumes'),
      networks: this.#rowsOf('networks'),
    }
    this.#connection = new EngineConnection(source, {
      onState: () => listeners.onState(),
      onAway: () => listeners.onAway(),
      onConnected: (client, signal) => this.#begin(client, signal),
      onEvents: (events) => this.#handle(events),
      onMissed: () => kinds.forEach((kind) => this.#kinds[kind].relist()),
    })
  }

  start(): void {
    this.#connection.start()
  }

  close(): void {
    clearTimeout(this.#flushTimer)
    this.#connection.close()
  }

  retry(): void {
    this.#connection.retry()
    for (const kind of kinds) this.#kinds[kind].retry()
  }

  read(kind: Kind, id: string): void {
    this.#kinds[kind].read(id)
  }

  setWatched(isWatched: boolean): void {
    this.#connection.setWatched(isWatched)
  }

  hold(state: Extract<EngineState, { kind: 'starting' | 'stopped' }> | undefined): void {
    this.#connection.hold(state)
  }

  rows<K extends Kind>(kind: K): readonly Rows[K][] {
    return this.#kinds[kind].rows
  }

  /** Throws why the engine cannot be asked now. */
  get client(): ConnectedEngine {
    const { client } = this.#connection
    if (client) return client
    const { state } = this.#connection
    if (state.kind === 'lost') throw AppError.fromWire(state.error)
    const { address } = this.source
    throw new AppError('engine.unreachable', `${address} is not connected (${state.kind})`, {
      facts: { address, reason: state.kind },
    })
  }

  describe(): Engine {
    const { id, name, origin, address, isOurs } = this.source
    const known = this.#known
    const { missing } = this
    return {
      id,
      name,
      origin,
      address,
      isOurs,
      state: this.#connection.state,
      ...(known && { facts: known.facts }),
      ...(missing && { missing }),
      features: known?.features ?? noFeatures,
      clockSkewMs: known?.clockSkewMs ?? 0,
    }
  }

  /** Of a running engine, the lists that it has not given. */
  get missing(): Engine['missing'] {
    if (this.#connection.state.kind !== 'running') return undefined
    if (this.#missingBefore) return this.#missingBefore.missing
    const missing = kinds.flatMap((kind) => {
      const one = this.#kinds[kind].missing
      return one ? [[kind, one] as const] : []
    })
    return missing.length > 0 ? Object.fromEntries(missing) : undefined
  }

  /** All that was listed, after everything pending has been sent. */
  slices(): Slice[] {
    this.flush()
    return kinds.map((kind) => this.#kinds[kind].slice()).filter((slice) => slice.rev > 0)
  }

  /** Sends what is pending now. */
  flush(): void {
    clearTimeout(this.#flushTimer)
    this.#flushTimer = undefined
    const slices: Slice[] = []
    const deltas: Delta[] = []
    for (const kind of kinds) {
      const change = this.#kinds[kind].take()
      if (change?.is === 'slice') slices.push(change.slice)
      if (change?.is === 'delta') deltas.push(change.delta)
    }
    if (slices.length + deltas.length === 0) return
    this.#flushedMs = performance.now()
    this.#listeners.onRows({ slices, deltas })
  }

  #rowsOf<K extends Kind>(kind: K): KindRows<K> {
    const onChanged = (ids: readonly string[]): void => {
      if (kind === 'images') this.#readContainersOf(ids)
      this.#schedule()
    }
    return new KindRows({
      ...{ engine: this.source.id, kind, source: rowSources[kind], onChanged },
      onMissing: () => this.#tellMissing(),
    })
  }

  /** What is missing of an engine that does not run yet is told with its state. */
  #tellMissing(): void {
    if (this.#missingBefore || this.#connection.state.kind !== 'running') return
    // Rows before the word that they are here, or a window would show none for a moment.
    this.flush()
    this.#listeners.onMissing()
  }

  /** A container's row shows its image by tag while the tag still means that image, else by id. */
  #readContainersOf(images: readonly string[]): void {
    const changed = new Set(images)
    for (const { id, imageId } of this.#kinds.containers.rows) {
      if (changed.has(imageId)) this.#kinds.containers.read(id)
    }
  }

  #schedule(): void {
    if (this.#flushTimer) return
    const waitMs = Math.max(0, joinMs - (performance.now() - this.#flushedMs))
    this.#flushTimer = setTimeout(() => this.flush(), waitMs)
  }

  async #begin(client: ConnectedEngine, signal: AbortSignal): Promise<void> {
    this.#known = client
    const before = (this.#missingBefore = { missing: this.missing })
    try {
      // A list that cannot be read, or takes its time, leaves the others of use.
      await firstLists(kinds.map((kind) => this.#kinds[kind].begin(client, signal)))
    } finally {
      if (this.#missingBefore === before) this.#missingBefore = undefined
    }
    // Before the state says `running`: a window must not show an empty engine for a moment.
    this.flush()
    // Unless it said so all the while.
    this.#tellMissing()
  }

  #handle(events: readonly RawEvent[]): void {
    for (const event of events) for (const target of targetsOf(event)) this.#follow(target)
    this.#listeners.onEvents(events.map((event) => toModel(event, this.source)))
  }

  #follow(target: Target): void {
    const rows = this.#kinds[target.kind]
    if (target.do === 'list') rows.relist()
    else if (target.do === 'drop') rows.drop(target.id)
    else if (target.expected) this.#kinds.containers.read(target.id, target.expected)
    else rows.read(target.id)
  }
}

const toModel = (event: RawEvent, { id: engine }: EngineSource): EngineEvent => ({
  engine,
  atMs: event.atMs || Date.now(),
  type: event.type,
  action: event.action,
  id: event.id,
  name: (Object.hasOwn(event.attributes, 'name') && event.attributes['name']) || event.id,
  attributes: event.attributes,
})
