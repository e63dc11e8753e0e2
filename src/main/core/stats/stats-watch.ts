import type { Handlers } from '../../../shared/contract'
import { keyOf, type EngineId, type ObjectRef, type StatSample } from '../../../shared/model'
import type { AgentClient } from '../agent/agent-client'
import type { EngineOf } from '../engine/engine'
import { AgentWatch } from './agent-watch'
import { Slots } from './slots'
import { StatsFeed, type FeedDeps } from './stats-feed'

/** What was read within this time travels together. */
const joinMs = 100
/** The engine spends 2 ms of a core on each stream and second: more are served in turns. */
const maxStreams = 64

export interface StatsDeps {
  readonly engineOf: EngineOf
  readonly agents?: StatsAgents
  /** Engine streams at once, of one engine. For tests. */
  readonly maxStreams?: number
}

/** The engines' agents, where there are some. */
export interface StatsAgents {
  readonly agentFor: (engine: EngineId, method: string) => AgentClient | undefined
  /** Subscribes to agents that come and go, and returns the undo. */
  readonly onChanged: (listener: (engine: EngineId) => void) => () => void
}

/** `stats.watch`, and how many containers are watched now: 0 means that no engine stream is open. */
export function statsHandlers(
  deps: StatsDeps,
): Pick<Handlers, 'stats.watch'> & { readonly watchedCount: () => number } {
  const hub = new StatsHub(deps)
  return {
    'stats.watch': (args, context) => watch(hub, args.refs, context),
    watchedCount: () => hub.size,
  }
}

/** All feeds of core: two windows that look at one container cost the engine one stream. */
class StatsHub {
  readonly #feeds = new Map<string, StatsFeed>()
  readonly #slots = new Map<EngineId, Slots>()
  readonly #watches = new Map<EngineId, AgentWatch>()

  constructor(private readonly deps: StatsDeps) {}

  get size(): number {
    return this.#feeds.size
  }

  listen(ref: ObjectRef, listener: (sample: StatSample) => void): () => void {
    const key = keyOf(ref)
    let feed = this.#feeds.get(key)
    if (!feed) {
      feed = new StatsFeed(ref, this.#feedDeps(ref.engine), () => this.#feeds.delete(key))
      this.#feeds.set(key, feed)
    }
    return feed.listen(listener)
  }

  #feedDeps(engine: EngineId): FeedDeps {
    const { engineOf, agents } = this.deps
    return {
      engineOf,
      slots: this.#slotsOf(engine),
      watch: () => this.#watchOf(engine),
      onWatch: (listener) =>
        agents?.onChanged((changed) => {
          if (changed === engine) listener()
        }) ?? (() => undefined),
    }
  }

  /** One watch an agent: when another took its place, those of the older one have ended. */
  #watchOf(engine: EngineId): AgentWatch | undefined {
    const agent = this.deps.agents?.agentFor(engine, 'stats.watch')
    if (!agent) return undefined
    const known = this.#watches.get(engine)
    if (known?.agent === agent) return known
    const watch = new AgentWatch(agent, {
      engine,
      memoryBytes: () => this.deps.engineOf(engine).facts.memoryBytes,
    })
    this.#watches.set(engine, watch)
    return watch
  }

  #slotsOf(engine: EngineId): Slots {
    let slots = this.#slots.get(engine)
    if (!slots) this.#slots.set(engine, (slots = new Slots(this.deps.maxStreams ?? maxStreams)))
    return slots
  }
}

interface WatchContext {
  readonly signal: AbortSignal
  readonly input: AsyncIterable<{ refs: { engine: string; id: string }[] }>
}

async function* watch(
  hub: StatsHub,
  refs: readonly ObjectRef[],
  context: WatchContext,
): AsyncGenerator<StatSample[]> {
  const watched = new WatchedSet(hub)
  const stop = (): void => watched.close()
  context.signal.addEventListener('abort', stop, { once: true })
  try {
    watched.set(refs)
    void follow(context.input, watched)
    for (let batch = await watched.next(); batch; batch = await watched.next()) yield batch
  } finally {
    context.signal.removeEventListener('abort', stop)
    watched.close()
  }
}

async function follow(input: WatchContext['input'], watched: WatchedSet): Promise<void> {
  try {
    for await (const { refs } of input) watched.set(refs as ObjectRef[])
  } catch {
    // The input ends with its stream, which tells why.
    watched.close()
  }
}

/** The samples of one watcher: only the newest of each container waits, so a slow reader costs nothing. */
class WatchedSet {
  readonly #undo = new Map<string, () => void>()
  #waiting = new Map<string, StatSample>()
  #isClosed = false
  #wake: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #isDue = false

  constructor(private readonly hub: StatsHub) {}

  set(refs: readonly ObjectRef[]): void {
    if (this.#isClosed) return
    const wanted = new Map(refs.map((ref) => [keyOf(ref), ref]))
    for (const [key, ref] of wanted)
      if (!this.#undo.has(key))
        this.#undo.set(
          key,
          this.hub.listen(ref, (sample) => this.#put(key, sample)),
        )
    for (const [key, undo] of this.#undo) if (!wanted.has(key)) this.#drop(key, undo)
  }

  /** The next batch; `undefined` when closed. */
  async next(): Promise<StatSample[] | undefined> {
    while (!this.#isClosed && !this.#isDue) await new Promise<void>((resolve) => (this.#wake = resolve))
    if (this.#isClosed) return undefined
    const batch = [...this.#waiting.values()]
    this.#waiting = new Map()
    this.#isDue = false
    return batch.length > 0 ? batch : this.next()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    for (const [key, undo] of this.#undo) this.#drop(key, undo)
    this.#wake?.()
  }

  #put(key: string, sample: StatSample): void {
    this.#waiting.set(key, sample)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#isDue = true
      this.#wake?.()
    }, joinMs)
  }

  #drop(key: string, undo: () => void): void {
    undo()
    this.#undo.delete(key)
    this.#waiting.delete(key)
  }
}
