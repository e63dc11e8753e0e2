import type { LogBatch } from '../../../shared/model'
import { Emitter } from '../../../shared/std/emitter'
import { type LogMark, LogRing } from './log-ring'
import { LogRows, type SourceFilter } from './log-rows'
import { LogSearch } from './log-search'
import type { Query } from './pattern'
import type { PatternRunner } from './pattern-runner'

/** Raw text of about a day of a talkative service; what is older is dropped from view and counted. */
export const ringBytes = 64 * 1024 * 1024
/** Taken in before a frame must come: above it the source waits. */
const maxPendingLines = 10_000
const maxPendingChars = 2 * 1024 * 1024
/** More than a screen shows: where so many lines come with a frame, none of those drawn before it stays. */
const floodLines = 250
/** Frames of a flood that go by undrawn after a drawn one: drawing takes many times as long as taking in. */
const undrawnFrames = 3

export interface LogModelDeps {
  readonly runner: PatternRunner
  /** Runs the function with the next frame: `requestAnimationFrame`. */
  readonly onFrame: (run: () => void) => void
  readonly breathe: () => Promise<void>
  readonly capacityBytes?: number
}

export interface LogFilter {
  readonly query: Query
  readonly source: SourceFilter
  readonly isMatchesOnly: boolean
}

/**
 * A log on show: what came, what of it is kept, which of it is seen. Tells its view at most once per frame, and of a
 * flood in one frame of four: a log of many lines is there sooner.
 */
export class LogModel {
  readonly ring: LogRing
  readonly rows: LogRows
  readonly search: LogSearch
  #pending: (LogBatch | LogMark)[] = []
  #pendingLines = 0
  #pendingChars = 0
  #isFrameAsked = false
  /** Frames of the flood that still go by undrawn. */
  #undrawn = 0
  #version = 0
  readonly #changed = new Emitter<void>()
  readonly #taken = new Emitter<void>()

  constructor(private readonly deps: LogModelDeps) {
    this.ring = new LogRing(deps.capacityBytes ?? ringBytes)
    this.rows = new LogRows(this.ring)
    const onChange = (): void => this.#askFrame()
    this.search = new LogSearch({ ring: this.ring, runner: deps.runner, onChange, breathe: deps.breathe })
  }

  /** Goes up with every change: for `useSyncExternalStore`. */
  get version(): number {
    return this.#version
  }
  readonly onChanged = (listener: () => void): (() => void) => this.#changed.on(listener)

  /** Resolves when there is room for more: awaiting it is what lets a frozen window slow the source. */
  async append(batch: LogBatch): Promise<void> {
    this.#pending.push(batch)
    this.#pendingLines += batch.lines.length
    for (const line of batch.lines) this.#pendingChars += line.length
    this.#askFrame()
    if (this.#pendingLines < maxPendingLines && this.#pendingChars < maxPendingChars) return
    await new Promise<void>((resolve) => {
      const off = this.#taken.on(() => (off(), resolve()))
    })
  }

  mark(mark: LogMark): void {
    this.#pending.push(mark)
    this.#askFrame()
  }

  /** Forgets what is on show; the stream goes on. */
  clear(): void {
    this.#takePending()
    this.ring.clear()
    this.#refresh()
  }

  /** Forgets everything, before another stream begins. */
  reset(): void {
    this.#pending = []
    this.clear()
  }

  setFilter(filter: LogFilter): void {
    const isFiltering = filter.isMatchesOnly && filter.query.text !== ''
    this.rows.setFilter(filter.source, isFiltering ? this.search.matches : undefined)
    this.search.setQuery(filter.query, (seq) => this.ring.sourceOf(seq) !== 'm' && this.rows.accepts(seq))
    this.#refresh()
  }

  close(): void {
    this.#pending = []
    this.search.close()
    this.#taken.emit()
  }

  /** Rows must be drawn anew although no line came. */
  touch(): void {
    this.#askFrame()
  }

  #refresh(): void {
    this.rows.rebuild()
    this.search.advance()
    this.#tell()
  }

  #askFrame(): void {
    if (this.#isFrameAsked) return
    this.#isFrameAsked = true
    this.deps.onFrame(() => {
      this.#isFrameAsked = false
      const isFlood = this.#pendingLines >= floodLines
      this.#takePending()
      this.search.advance()
      this.rows.sync()
      if (isFlood && this.#undrawn > 0) {
        this.#undrawn--
        // What came last is drawn with the first frame that brings little.
        this.#askFrame()
      } else {
        this.#undrawn = isFlood ? undrawnFrames : 0
        this.#tell()
      }
      this.#taken.emit()
    })
  }

  #takePending(): void {
    for (const item of this.#pending) {
      if ('lines' in item) this.ring.append(item)
      else this.ring.mark(item)
    }
    this.#pending = []
    this.#pendingLines = 0
    this.#pendingChars = 0
  }

  #tell(): void {
    this.#version++
    this.#changed.emit()
  }
}
