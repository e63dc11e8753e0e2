import { isCode } from '../../../shared/errors'
import type { ObjectRef, StatSample } from '../../../shared/model'
import { backoffMs } from '../../../shared/std/backoff'
import { Emitter } from '../../../shared/std/emitter'
import { pathPart, type EngineOf } from '../engine/engine'
import { readJsonLines } from '../engine/json-lines'
import { pause } from '../platform/wait-for'
import type { AgentWatch } from './agent-watch'
import { cpuReading, statSample, type CpuReading, type EngineStats } from './stat-sample'
import type { Slots } from './slots'

/** A container that does not run, or an engine that is away, is asked again this often. */
const retry = { minMs: 500, maxMs: 4_000 }
/** With others waiting for a slot: two readings make one sample, a few more make a curve. */
const samplesPerTurn = 4

export interface FeedDeps {
  readonly engineOf: EngineOf
  readonly slots: Slots
  /** The engine's agent, while there is one that reads stats. */
  readonly watch: () => AgentWatch | undefined
  /** Called when an agent has come or gone; returns the undo. */
  readonly onWatch: (listener: () => void) => () => void
}

/** The stats of one container, read as long as somebody listens: by the agent, else over the engine's stream. */
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
      const watch = this.deps.watch()
      if (watch) {
        await watch.follow(this.ref, (sample) => this.#emitter.emit(sample), signal)
        // An agent that refuses at once must not be asked in a loop.
        await pause(backoffMs(0, retry), signal).catch(() => undefined)
        continue
      }
      const until = this.#untilAgent(signal)
      try {
        const release = await this.deps.slots.take(signal)
        try {
          if (await this.#read(until.signal)) attempt = 0
        } finally {
          release()
        }
        // Gave way to those who wait: back in the line at once.
        if (!this.deps.slots.areWanted) await pause(backoffMs(attempt++, retry), until.signal)
      } catch (error) {
        // Gone for good: its id never comes back.
        if (signal.aborted || isCode(error, 'object.not-found')) return
        await pause(backoffMs(attempt++, retry), until.signal).catch(() => undefined)
      } finally {
        until.end()
      }
    }
  }

  /** Aborts when nobody listens any more, and when an agent has come that does it better. */
  #untilAgent(signal: AbortSignal): { readonly signal: AbortSignal; readonly end: () => void } {
    const come = new AbortController()
    const end = this.deps.onWatch(() => {
      if (this.deps.watch()) come.abort()
    })
    return { signal: AbortSignal.any([signal, come.signal]), end }
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
