import { isCode } from '../../../shared/errors'
import type { ObjectRef, StatSample } from '../../../shared/model'
import { backoffMs } from '../../../shared/std/backoff'
import { Emitter } from '../../../shared/std/emitter'
import { pathPart, type EngineOf } from '../engine/engine'
import { readJsonLines } from '../engine/json-lines'
import { pause } from '../platform/wait-for'
import { cpuReading, statSample, type CpuReading, type EngineStats } from './stat-sample'
import type { Slots } from './slots'

/** A container that does not run, or an engine that is away, is asked again this often. */
const retry = { minMs: 500, maxMs: 4_000 }
/** With others waiting for a slot: two readings make one sample, a few more make a curve. */
const samplesPerTurn = 4

export interface FeedDeps {
  readonly engineOf: EngineOf
  readonly slots: Slots
}

/** The stats stream of one container, open as long as somebody listens: shared by all who watch it. */
export class StatsFeed {
  readonly #emitter = new Emitter<StatSample>()
  readonly #ended = new AbortController()
  #isStarted = false

  constructor(
    private readonly ref: ObjectRef,
    private readonly deps: FeedDeps,
    /** Called once, when nobody listens any more. */
    private readonly onUnused: () => void,
  ) {}

  listen(listener: (sample: StatSample) => void): () => void {
    const undo = this.#emitter.on(listener)
    if (!this.#isStarted) {
      this.#isStarted = true
      void this.#run()
    }
    return () => {
      undo()
      if (this.#emitter.size > 0 || this.#ended.signal.aborted) return
      this.#ended.abort()
      this.onUnused()
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended
    let attempt = 0
    while (!signal.aborted) {
      try {
        const release = await this.deps.slots.take(signal)
        try {
          if (await this.#read(signal)) attempt = 0
        } finally {
          release()
        }
        // Gave way to those who wait: back in the line at once.
        if (!this.deps.slots.areWanted) await pause(backoffMs(attempt++, retry), signal)
      } catch (error) {
        // Gone for good: its id never comes back.
        if (signal.aborted || isCode(error, 'object.not-found')) return
        await pause(backoffMs(attempt++, retry), signal).catch(() => undefined)
      }
    }
  }

  /** One engine stream until it ends, the container stops, or others want the slot. True when it gave samples. */
  async #read(signal: AbortSignal): Promise<boolean> {
    const engine = this.deps.engineOf(this.ref.engine)
    const path = `/containers/${pathPart(this.ref.id)}/stats`
    const stream = await engine.stream({ path, query: { stream: true }, signal })
    let before: CpuReading | undefined
    let count = 0
    for await (const line of readJsonLines(stream, signal)) {
      const stats = line as EngineStats
      const now = cpuReading(stats)
      // Not running: the engine would go on with an empty line each second.
      if (!now) break
      if (before) {
        const readings = { before, now, isPodman: engine.facts.isPodman }
        this.#emitter.emit(statSample(this.ref, stats, readings))
        count++
      }
      before = now
      if (count >= samplesPerTurn && this.deps.slots.areWanted) break
    }
    return count > 0
  }
}
