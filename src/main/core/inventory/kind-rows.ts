import { isCode, toWire, type AppError } from '../../../shared/errors'
import type { DeltaOf, EngineId, Kind, MissingList, Rows, SliceOf } from '../../../shared/model'
import { backoffMs } from '../../../shared/std/backoff'
import type { EngineClient } from '../engine/engine'
import { log } from '../platform/log'
import { pause } from '../platform/wait-for'
import type { RowSource } from './row-source'

/** As many ids as go into one request: 50 ids of 64 digits make a URL of 4 kB. */
const idsPerRead = 50
/** From here on one list is cheaper for the engine than reading each. */
const idsPerList = 200
/** A delta of more rows is a slice: it costs the reader the same and can stand alone. */
const maxDeltaRows = 200
/** A list that is refused once is soon given; one that a broken object spoils may stay so for days. */
const retry = { minMs: 1_000, maxMs: 30_000 }
/** 20 ms, doubling: 5 s in all. Taking down a container's network and mounts can last that long. */
const unsettled = { firstMs: 20, reads: 9 }

export interface KindRowsOptions<K extends Kind> {
  readonly engine: EngineId
  readonly kind: K
  readonly source: RowSource<K>
  /** Called whenever `take` has something to give. Gets the ids of rows that changed or went. */
  readonly onChanged: (ids: readonly string[]) => void
  /** `missing` is another. */
  readonly onMissing: () => void
}

/** What a row must tell once it knows of its event; a newer one about the same replaces an older one. */
interface Expected<K extends Kind> {
  readonly about: string
  readonly isMet: (row: Rows[K], reads: number) => boolean
}

interface Unsettled<K extends Kind> {
  readonly expected: Map<string, Expected<K>>
  reads: number
  timer?: NodeJS.Timeout
}

export type Change<K extends Kind> =
  { readonly is: 'slice'; readonly slice: SliceOf<K> } | { readonly is: 'delta'; readonly delta: DeltaOf<K> }

/** The one copy of one kind of one engine: listed once, then read again object by object. */
export class KindRows<K extends Kind> {
  readonly #options: KindRowsOptions<K>
  readonly #rows = new Map<string, Rows[K]>()
  #rev = 0
  /** Changed since the last `take`. */
  readonly #changed = new Set<string>()
  #isFirst = true
  readonly #dirty = new Set<string>()
  #needsList = false
  /** Gone by an event while an answer is under way that may still hold them. */
  #droppedMeanwhile = new Set<string>()
  #session: { client: EngineClient; signal: AbortSignal } | undefined
  /** Ids whose rows may still be older than their event. */
  readonly #unsettled = new Map<string, Unsettled<K>>()
  /** Set while the first list is under way: what events name meanwhile is read after it. */
  #beginning: object | undefined
  #isWorking = false
  /** Since the last answer. */
  #refusals = 0
  #missing: MissingList | undefined
  /** Ends the present wait. */
  #wake: (() => void) | undefined

  constructor(options: KindRowsOptions<K>) {
    this.#options = options
  }

  get rows(): readonly Rows[K][] {
    return [...this.#rows.values()]
  }

  /** Why the list that was asked for last is not here; `undefined` once it is. */
  get missing(): MissingList | undefined {
    return this.#missing
  }

  /**
   * Lists, and from then on follows what is `read`, `drop`ped and `relist`ed until `signal` ends. Throws when the road
   * breaks; a list that the engine refuses or does not give in time is answered, and asked for again by itself.
   */
  async begin(client: EngineClient, signal: AbortSignal): Promise<AppError | undefined> {
    const session = { client, signal }
    this.#session = session
    this.#beginning = session
    this.#dirty.clear()
    this.#needsList = false
    this.#refusals = 0
    this.#miss({ kind: 'awaited' })
    for (const id of [...this.#unsettled.keys()]) this.#settle(id)
    return this.#firstList(client, signal).finally(() => {
      if (this.#beginning === session) this.#beginning = undefined
      this.#kick()
    })
  }

  async #firstList(client: EngineClient, signal: AbortSignal): Promise<AppError | undefined> {
    try {
      await this.#list(client, signal)
      return undefined
    } catch (error) {
      // Also after a broken road: the session goes on without this list when the others were enough for it.
      if (!signal.aborted) this.#refuse(error)
      if (!isOfThisKind(error)) throw error
      return error
    }
  }

  /** With `expected` it is read again, some times, until that is met. */
  read(id: string, expected?: Expected<K>): void {
    if (expected) {
      const unmet = this.#unsettled.get(id)?.expected ?? new Map<string, Expected<K>>()
      this.#settle(id)
      this.#unsettled.set(id, { expected: unmet.set(expected.about, expected), reads: 0 })
    }
    this.#dirty.add(id)
    this.#kick()
  }

  drop(id: string): void {
    this.#settle(id)
    this.#droppedMeanwhile.add(id)
    this.#dirty.delete(id)
    if (this.#remove(id)) this.#options.onChanged([id])
  }

  /** A list that was refused is asked for at once. */
  retry(): void {
    this.#wake?.()
  }

  relist(): void {
    this.#needsList = true
    this.#kick()
  }

  /** What changed since the last time, as the next revision. */
  take(): Change<K> | undefined {
    if (this.#isFirst ? this.#rev === 0 : this.#changed.size === 0) return undefined
    const { engine, kind } = this.#options
    const isSlice = this.#isFirst || this.#changed.size > maxDeltaRows
    const ids = [...this.#changed]
    this.#changed.clear()
    if (isSlice) {
      if (!this.#isFirst) this.#rev++
      this.#isFirst = false
      return { is: 'slice', slice: this.slice() }
    }
    const put = ids.flatMap((id) => this.#rows.get(id) ?? [])
    const drop = ids.filter((id) => !this.#rows.has(id))
    return { is: 'delta', delta: { engine, kind, rev: ++this.#rev, put, drop } }
  }

  /** All rows; true only together with everything that was taken before. */
  slice(): SliceOf<K> {
    const { engine, kind } = this.#options
    return { engine, kind, rev: this.#rev, rows: this.rows }
  }

  /** After this turn, so that a burst of events becomes one request. */
  #kick(): void {
    if (this.#isWorking || this.#beginning) return
    this.#isWorking = true
    queueMicrotask(() => void this.#work())
  }

  async #work(): Promise<void> {
    try {
      for (let session = this.#session; session; session = this.#session) {
        const { client, signal } = session
        const waitMs = this.#refusals > 0 ? backoffMs(this.#refusals - 1, retry) : 0
        if (waitMs > 0) await this.#wait(waitMs, signal)
        if (this.#beginning || signal.aborted || !(this.#needsList || this.#dirty.size > 0)) return
        await this.#step(client, signal).then(
          () => (this.#refusals = 0),
          // A transport that broke ends the session by itself; an engine that only refused is asked again.
          (error: unknown) => {
            if (!signal.aborted) this.#refuse(error)
          },
        )
      }
    } finally {
      this.#isWorking = false
    }
  }

  /** Until the time is over, somebody wants it now, or the session ends. */
  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const waking = new AbortController()
    const wake = (): void => waking.abort()
    this.#wake = wake
    signal.addEventListener('abort', wake)
    await pause(ms, waking.signal).catch(() => undefined)
    signal.removeEventListener('abort', wake)
    if (this.#wake === wake) this.#wake = undefined
  }

  #refuse(error: unknown): void {
    const { engine, kind } = this.#options
    this.#needsList = true
    if (this.#refusals++ === 0 && isOfThisKind(error))
      log.warn('inventory', 'a list could not be read', { engine, kind, error })
  }

  #miss(missing: MissingList | undefined): void {
    const isSame = JSON.stringify(missing) === JSON.stringify(this.#missing)
    this.#missing = missing
    if (!isSame) this.#options.onMissing()
  }

  async #step(client: EngineClient, signal: AbortSignal): Promise<void> {
    if (this.#needsList || this.#dirty.size > idsPerList) {
      this.#needsList = false
      this.#dirty.clear()
      return this.#list(client, signal)
    }
    const ids = [...this.#dirty].slice(0, idsPerRead)
    for (const id of ids) this.#dirty.delete(id)
    const dropped = (this.#droppedMeanwhile = new Set<string>())
    const found = await this.#options.source.some(client, { ids, signal })
    if (signal.aborted) return
    const fresh = found.filter((row) => !dropped.has(row.id))
    const seen = new Set(found.map((row) => row.id))
    const gone = ids.filter((id) => !seen.has(id))
    this.#apply(fresh, gone)
    for (const id of gone) this.#settle(id)
    for (const row of fresh) {
      this.#check(row)
      for (const id of this.#options.source.related(row, this.#rows.values())) this.#dirty.add(id)
    }
  }

  async #list(client: EngineClient, signal: AbortSignal): Promise<void> {
    const dropped = (this.#droppedMeanwhile = new Set<string>())
    const listed = await this.#options.source.list(client, signal).catch((error: unknown) => {
      if (!signal.aborted && isOfThisKind(error)) this.#miss({ kind: 'refused', error: toWire(error) })
      throw error
    })
    if (signal.aborted) return
    const seen = new Set(listed.map((row) => row.id))
    const gone = [...this.#rows.keys()].filter((id) => !seen.has(id))
    if (this.#rev === 0) this.#rev = 1
    this.#apply(
      listed.filter((row) => !dropped.has(row.id)),
      gone,
    )
    if (this.#isFirst) this.#options.onChanged([])
    this.#miss(undefined)
  }

  /** Asks for a row again when its event has more to say than the answer. */
  #check(row: Rows[K]): void {
    const waiting = this.#unsettled.get(row.id)
    if (!waiting) return
    waiting.reads++
    for (const { about, isMet } of waiting.expected.values()) {
      if (isMet(row, waiting.reads)) waiting.expected.delete(about)
    }
    if (waiting.expected.size === 0 || waiting.reads >= unsettled.reads) return this.#settle(row.id)
    clearTimeout(waiting.timer)
    waiting.timer = setTimeout(() => this.read(row.id), unsettled.firstMs * 2 ** (waiting.reads - 1))
  }

  #settle(id: string): void {
    clearTimeout(this.#unsettled.get(id)?.timer)
    this.#unsettled.delete(id)
  }

  #apply(rows: readonly Rows[K][], gone: readonly string[]): void {
    const changed = [...rows.filter((row) => this.#put(row)).map((row) => row.id)]
    changed.push(...gone.filter((id) => this.#remove(id)))
    if (changed.length > 0) this.#options.onChanged(changed)
  }

  #put(row: Rows[K]): boolean {
    const { source } = this.#options
    const before = this.#rows.get(row.id)
    const isSame = before !== undefined && source.textOf(before) === source.textOf(row)
    this.#rows.set(row.id, row)
    if (!isSame) this.#changed.add(row.id)
    return !isSame
  }

  #remove(id: string): boolean {
    const wasThere = this.#rows.delete(id)
    if (wasThere) this.#changed.add(id)
    return wasThere
  }
}

/** The engine is there, and does not give this list: a broken object, a plugin or a disk that hangs. */
const isOfThisKind = (error: unknown): error is AppError =>
  isCode(
    error,
    'engine.failed',
    'engine.bad-answer',
    'engine.not-responding',
    'engine.unsupported',
    'request.invalid',
    'request.unauthorized',
    'object.not-found',
    'object.conflict',
    'disk.full',
  )
