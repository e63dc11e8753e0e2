import { AppError } from '../../../shared/errors'
import { Emitter } from '../../../shared/std/emitter'
import type {
  Engine,
  EngineEvent,
  EngineId,
  EngineState,
  InventoryItem,
  Kind,
  Road,
  Rows,
} from '../../../shared/model'
import type { EngineSource } from '../engine/connection'
import type { EngineClient, EngineOf } from '../engine/engine'
import { EngineEntry } from './engine-entry'
import { Feed } from './feed'

/** The rows that an engine holds now; empty for an engine that is not known or was never reached. */
export type RowsOf = <K extends Kind>(engine: EngineId, kind: K) => readonly Rows[K][]

/** As `RowsOf`, but throws why where the engine has not given the list: for what would be wrong without a row. */
export type WholeRowsOf = RowsOf

/** Core's one copy of what all engines hold. */
export class Inventory {
  readonly #engines = new Map<EngineId, EngineEntry>()
  readonly #feeds = new Set<Feed>()
  /** Those of the feeds that a person looks at. */
  readonly #lookers = new Set<Feed>()
  readonly #events = new Emitter<EngineEvent>()
  readonly #states = new Emitter<Engine>()
  readonly #away = new Emitter<EngineId>()
  readonly #changes = new Emitter<EngineId>()
  #roads: readonly Road[] = []

  readonly engineOf: EngineOf = (id): EngineClient => this.#entry(id).client

  readonly rows: RowsOf = (engine, kind) => this.#engines.get(engine)?.rows(kind) ?? []

  readonly wholeRows: WholeRowsOf = (engine, kind) => {
    const entry = this.#entry(engine)
    const why = entry.missing?.[kind]
    if (why?.kind === 'refused') throw AppError.fromWire(why.error)
    if (why)
      throw new AppError(
        'engine.not-responding',
        `${entry.source.name} has not given its list of ${kind} yet`,
        {
          facts: { address: entry.source.address, reason: 'list' },
        },
      )
    return entry.rows(kind)
  }

  /** Connects and keeps connected. An engine of the same id is replaced: it is away, whatever the new one says. */
  add(source: EngineSource): void {
    const before = this.#engines.get(source.id)
    before?.close()
    const entry = new EngineEntry(source, {
      onState: () => {
        if (this.#engines.get(source.id) !== entry) return
        this.#states.emit(entry.describe())
        this.#sendEngines()
      },
      onAway: () => {
        if (this.#engines.get(source.id) === entry) this.#away.emit(source.id)
      },
      onMissing: () => {
        if (this.#engines.get(source.id) === entry) this.#sendEngines()
      },
      onRows: ({ slices, deltas }) => {
        if (this.#engines.get(source.id) !== entry) return
        this.#changes.emit(source.id)
        if (slices.length > 0) this.#send({ kind: 'slices', slices })
        if (deltas.length > 0) this.#send({ kind: 'deltas', deltas })
      },
      onEvents: (events) => events.forEach((event) => this.#events.emit(event)),
    })
    this.#engines.set(source.id, entry)
    if (before) this.#away.emit(source.id)
    entry.setWatched(this.#lookers.size > 0)
    entry.start()
    this.#sendEngines()
  }

  /** Forgets an engine and ends all that runs over its connection. Nothing on the engine changes. */
  remove(id: EngineId): void {
    this.#engines.get(id)?.close()
    if (!this.#engines.delete(id)) return
    this.#away.emit(id)
    this.#sendEngines()
  }

  /** Asks the engines that are away, and for lists that were refused, at once; without an id, all of them. */
  retry(id?: EngineId): void {
    if (id !== undefined) this.#entry(id).retry()
    else for (const entry of this.#engines.values()) entry.retry()
  }

  /** While its machine starts or stops an engine. `undefined`: the machine is done, connect. */
  setState(id: EngineId, state: Extract<EngineState, { kind: 'starting' | 'stopped' }> | undefined): void {
    this.#entry(id).hold(state)
  }

  /** Reads one object anew: for the few changes of which no event tells (a stopped container's networks). */
  read(ref: { engine: EngineId; id: string }, kind: Kind): void {
    this.#entry(ref.engine).read(kind, ref.id)
  }

  setRoads(roads: readonly Road[]): void {
    this.#roads = roads
    this.#sendEngines()
  }

  get engines(): readonly Engine[] {
    return [...this.#engines.values()].map((entry) => entry.describe())
  }

  get roads(): readonly Road[] {
    return this.#roads
  }

  /** Every engine event, as it came. Listeners are called in turn and must be quick. */
  onEvent(listener: (event: EngineEvent) => void): () => void {
    return this.#events.on(listener)
  }

  /** Rows of an engine have changed. Not a reader as a window is: nobody looks while only this listens. */
  onRows(listener: (engine: EngineId) => void): () => void {
    return this.#changes.on(listener)
  }

  /** An engine's state, as a person sees it, has changed. */
  onEngine(listener: (engine: Engine) => void): () => void {
    return this.#states.on(listener)
  }

  /**
   * An engine is away for certain, or was removed or replaced: what ran there is over. Not told of one that is only
   * silent, though its state says `lost` meanwhile; told again by each try that fails.
   */
  onAway(listener: (engine: EngineId) => void): () => void {
    return this.#away.on(listener)
  }

  /**
   * A snapshot, then what changes, until `signal` ends. A reader that is slow gets a fresh snapshot in place of
   * what it missed. While anybody reads who is not quiet, hung engines are looked for at once (`heartbeat.ts`).
   */
  async *watch(signal: AbortSignal, isQuiet = false): AsyncGenerator<InventoryItem> {
    const feed = new Feed()
    this.#feeds.add(feed)
    if (!isQuiet) this.#lookers.add(feed)
    this.#tellWatched()
    try {
      while (!signal.aborted) {
        const item = feed.isBehind ? this.#snapshotFor(feed) : feed.take()
        if (item) yield item
        else await feed.ready(signal)
      }
    } finally {
      this.#feeds.delete(feed)
      this.#lookers.delete(feed)
      this.#tellWatched()
    }
  }

  close(): void {
    for (const entry of this.#engines.values()) entry.close()
    this.#engines.clear()
  }

  #entry(id: EngineId): EngineEntry {
    const entry = this.#engines.get(id)
    if (!entry) throw new AppError('engine.unknown', `No engine ${id}`, { facts: { engine: id } })
    return entry
  }

  #snapshotFor(feed: Feed): InventoryItem {
    // Taking slices sends what is pending; the snapshot holds it, so for this reader it is spent.
    const slices = [...this.#engines.values()].flatMap((entry) => entry.slices())
    feed.caughtUp()
    return { kind: 'snapshot', engines: this.engines, roads: this.#roads, slices }
  }

  #tellWatched(): void {
    for (const entry of this.#engines.values()) entry.setWatched(this.#lookers.size > 0)
  }

  #sendEngines(): void {
    this.#send({ kind: 'engines', engines: this.engines, roads: this.#roads })
  }

  #send(item: InventoryItem): void {
    for (const feed of this.#feeds) feed.push(item)
  }
}
