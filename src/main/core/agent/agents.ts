import type { Duplex } from 'node:stream'
import { AppError, toWire } from '../../../shared/errors'
import type { AgentRoadKind, AgentState, EngineId } from '../../../shared/model'
import { backoffMs } from '../../../shared/std/backoff'
import { Emitter } from '../../../shared/std/emitter'
import { log } from '../platform/log'
import { pause } from '../platform/wait-for'
import { connectAgent, type AgentClient } from './agent-client'
import { RuledOut, type AgentRoad } from './road'

/** An agent that dies at once is not started a hundred times a second; one that died once is back soon. */
const retry = { minMs: 500, maxMs: 60_000 }
/** Who ran this long was well: its next failure is a first one. */
const wellMs = 60_000

/** The road to one engine's agent, or why there is none. */
export type RoadOf = (
  engine: EngineId,
) => Promise<AgentRoad | Extract<AgentState, { kind: 'off' | 'unasked' }>>

/** The agent of an engine when it runs and serves that method. */
export type AgentFor = (engine: EngineId, method: string) => AgentClient | undefined

/** The agents of all engines: started when the engine is there, started again when they die. */
export class Agents {
  readonly #running = new Map<EngineId, Keeper>()
  readonly #states = new Map<EngineId, AgentState>()
  readonly #clients = new Map<EngineId, AgentClient>()
  readonly #changed = new Emitter<EngineId>()

  constructor(private readonly roadOf: RoadOf) {}

  /** The engine's agent, when it runs and serves that method; else the Engine API does it. */
  readonly agentFor: AgentFor = (engine, method) => {
    const client = this.#clients.get(engine)
    return client?.hello.features.includes(method) ? client : undefined
  }

  get states(): ReadonlyMap<EngineId, AgentState> {
    return this.#states
  }

  /** Subscribes to every change of an engine's agent and returns the undo. */
  readonly onChanged = (listener: (engine: EngineId) => void): (() => void) => this.#changed.on(listener)

  /** The engine answers: its agent is wanted. Does nothing when it is kept already. */
  engineUp(engine: EngineId): void {
    if (this.#running.has(engine)) return
    const end = new AbortController()
    const done = this.#keep(engine, end.signal).catch((error: unknown) => {
      if (!end.signal.aborted) log.error('agent', 'its keeper ended', { engine, error })
    })
    this.#running.set(engine, { end, done })
  }

  /** The engine is gone, and its agent with it. */
  async engineDown(engine: EngineId): Promise<void> {
    const keeper = this.#running.get(engine)
    if (!keeper) return
    this.#running.delete(engine)
    keeper.end.abort(new AppError('cancelled', 'The agent is not wanted any more'))
    await keeper.done
    if (!this.#running.has(engine)) this.#set(engine, undefined)
  }

  /** Something that `roadOf` answers by has changed: the person's word. */
  async again(engine: EngineId): Promise<void> {
    if (!this.#running.has(engine)) return
    await this.engineDown(engine)
    this.engineUp(engine)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((engine) => this.engineDown(engine)))
  }

  async #keep(engine: EngineId, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const road = await this.#roadTo(engine)
      if (!road) {
        await this.#waitFor(engine, backoffMs(attempt, retry), signal)
        continue
      }
      if (!('open' in road)) return this.#set(engine, road)
      const startedMs = Date.now()
      const error = await this.#run(engine, road, signal).catch((thrown: unknown) => thrown)
      if (signal.aborted) return
      if (error instanceof RuledOut)
        return this.#set(engine, { kind: 'off', because: 'unsupported', why: error.why })
      if (Date.now() - startedMs > wellMs) attempt = 0
      const waitMs = backoffMs(attempt, retry)
      log.warn('agent', 'the agent is not there', { engine, road: road.kind, waitMs, error })
      this.#fail(engine, { road: road.kind, error, waitMs })
      await pause(waitMs, signal)
    }
  }

  /** Nothing while the engine is away for a moment: it comes back without a word, and is asked again. */
  async #roadTo(engine: EngineId): Promise<Awaited<ReturnType<RoadOf>> | undefined> {
    try {
      return await this.roadOf(engine)
    } catch (error) {
      log.info('agent', 'no road to the engine yet', { engine, error: String(error) })
      return undefined
    }
  }

  async #waitFor(engine: EngineId, waitMs: number, signal: AbortSignal): Promise<void> {
    const before = this.#states.get(engine)
    if (before?.kind === 'failed') this.#set(engine, { ...before, nextTryMs: Date.now() + waitMs })
    await pause(waitMs, signal)
  }

  /** One life of an agent: resolves with why it ended. */
  async #run(engine: EngineId, road: AgentRoad, signal: AbortSignal): Promise<Error> {
    if (this.#states.get(engine)?.kind !== 'failed') this.#set(engine, { kind: 'starting', road: road.kind })
    const stream = await road.open(signal)
    try {
      return await this.#serve(engine, { road: road.kind, stream }, signal)
    } finally {
      // Two agents of one engine would write to the same files, and one that is alive outlives us.
      await closed(stream)
    }
  }

  async #serve(
    engine: EngineId,
    over: { road: AgentRoadKind; stream: Duplex },
    signal: AbortSignal,
  ): Promise<Error> {
    const { road, stream } = over
    const client = await connectAgent(stream, signal)
    const stop = (): void => client.close()
    // Between the hello and here it may have become unwanted.
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    try {
      this.#clients.set(engine, client)
      const { version, features } = client.hello
      this.#set(engine, { kind: 'running', road, version, features, sinceMs: Date.now() })
      return await new Promise((resolve) => client.onClosed(resolve))
    } finally {
      signal.removeEventListener('abort', stop)
      this.#clients.delete(engine)
      this.#changed.emit(engine)
    }
  }

  #fail(engine: EngineId, why: { road: AgentRoadKind; error: unknown; waitMs: number }): void {
    const { road, error, waitMs } = why
    this.#set(engine, { kind: 'failed', road, error: toWire(error), nextTryMs: Date.now() + waitMs })
  }

  #set(engine: EngineId, state: AgentState | undefined): void {
    if (state) this.#states.set(engine, state)
    else this.#states.delete(engine)
    this.#changed.emit(engine)
  }
}

const closed = (stream: Duplex): Promise<void> =>
  new Promise((resolve) => {
    if (stream.closed) resolve()
    else stream.destroy().once('close', resolve)
  })

interface Keeper {
  readonly end: AbortController
  readonly done: Promise<void>
}
