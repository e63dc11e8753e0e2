import type { Duplex } from 'node:stream'
import { backoffMs } from '../../../shared/std/backoff'
import type { EngineId, EngineOrigin, EngineState } from '../../../shared/model'
import { AppError, toWire } from '../../../shared/errors'
import { log } from '../platform/log'
import { pause } from '../platform/wait-for'
import type { Dial } from './engine'
import { connectEngine, type ConnectedEngine } from './engine-client'
import { beat, beatEveryMs, isSilence, socketFile, unwatchedBeatMs, type SocketFile } from './heartbeat'
import { readEvents, type RawEvent } from './events'

/** An engine as the machines describe it: enough to reach it and to name it. */
export interface EngineSource {
  readonly id: EngineId
  readonly name: string
  readonly origin: EngineOrigin
  /** As a person would type it. */
  readonly address: string
  /** Core may start, stop and restart it. */
  readonly isOurs: boolean
  readonly dial: Dial
  /** The socket's file, where the road begins with one: seen when it is removed or replaced. */
  readonly socketPath?: string
}

/** What the connection tells. Calls come in order; `onConnected` comes again after every reconnect. */
export interface ConnectionEvents {
  /** What a person sees: an engine that is silent for a moment is `lost` too, while all that runs there goes on. */
  onState(state: EngineState): void
  /** The session has really ended and no other took its place, or a try has failed: nothing runs there any more. */
  onAway(): void
  /**
   * The engine answers and its events are being read. What is awaited here (the first lists) is over before
   * the state says `running`; failing here fails the connection. `signal` ends with the connection.
   */
  onConnected(client: ConnectedEngine, signal: AbortSignal): Promise<void>
  onEvents(events: readonly RawEvent[]): void
  /** Events were lost although the connection lives. */
  onMissed(): void
}

/**
 * `local`: asking a dead unix socket costs microseconds, so an engine that comes back is seen at once.
 * `remote`, and everything while nobody watches: a network that is gone for an hour is asked twice a minute.
 */
const retries = { local: { minMs: 100, maxMs: 1_000 }, remote: { minMs: 500, maxMs: 30_000 } }
const eventsHeadTimeoutMs = 10_000
/** The longest that a timer of Node can wait. */
const never = 0x7fffffff

/**
 * Keeps one engine connected, by itself: connecting, running, lost and back. Of a clean end of the events it
 * asks the engine what is true before it says `lost`.
 */
export class EngineConnection {
  readonly source: EngineSource
  readonly #events: ConnectionEvents
  readonly #closed = new AbortController()
  #state: EngineState = { kind: 'connecting', sinceMs: Date.now() }
  #client: ConnectedEngine | undefined
  /** All that stand, of every session: what was begun in one outlives it. */
  readonly #roads = new Set<Duplex>()
  #isWatched = false
  #isHeld = false
  /** Ends the present wait: a retry, a new watcher, the end of a hold. */
  #wake = new AbortController()
  #session: AbortController | undefined
  /** When the present session began to run; by the monotonic clock. */
  #liveSinceMs: number | undefined

  constructor(source: EngineSource, events: ConnectionEvents) {
    this.source = source
    this.#events = events
  }

  get state(): EngineState {
    return this.#state
  }

  /** Present while the engine is reached, also while it is slow to answer. */
  get client(): ConnectedEngine | undefined {
    return this.#client
  }

  /** Begins; ends with `close`. */
  start(): void {
    void this.#keep()
  }

  close(): void {
    this.#closed.abort()
    this.#session?.abort()
    this.#wake.abort()
    for (const road of this.#roads) road.destroy()
  }

  /** Asks at once, in place of waiting for the next try. */
  retry(): void {
    this.#wake.abort()
  }

  /** Beats and tries are frequent only while somebody watches. */
  setWatched(isWatched: boolean): void {
    if (this.#isWatched === isWatched) return
    this.#isWatched = isWatched
    if (isWatched) this.#wake.abort()
  }

  /** While the machine starts or stops the engine its state is the machine's to tell; `undefined` goes on. */
  hold(state: Extract<EngineState, { kind: 'starting' | 'stopped' }> | undefined): void {
    this.#isHeld = state !== undefined
    if (state) {
      this.#session?.abort()
      this.#setState(state)
      this.#events.onAway()
    } else this.#wake.abort()
  }

  async #keep(): Promise<void> {
    for (let attempt = 0; !this.#closed.signal.aborted; attempt++) {
      if (this.#isHeld) {
        attempt = 0
        await this.#sleep(undefined)
        continue
      }
      this.#liveSinceMs = undefined
      const error = await this.#run()
      if (this.#closed.signal.aborted || this.#isHeld) continue
      const livedMs = this.#liveSinceMs === undefined ? 0 : performance.now() - this.#liveSinceMs
      if (livedMs > 1_000) {
        // A session that held for a while was a success: the engine is asked again at once, before any word.
        attempt = -1
        continue
      }
      const waitMs = this.#waitMs(attempt)
      this.#lose(error, waitMs)
      this.#events.onAway()
      await this.#sleep(waitMs)
    }
  }

  readonly #dial: Dial = async (signal, lane, take) => {
    const road = await this.source.dial(signal, lane, take)
    this.#roads.add(road)
    road.once('close', () => this.#roads.delete(road))
    if (this.#closed.signal.aborted) road.destroy()
    return road
  }

  #waitMs(attempt: number): number {
    const isNear = this.source.socketPath !== undefined && this.#isWatched
    return backoffMs(attempt, isNear ? retries.local : retries.remote)
  }

  /** One session, from the first word to the end. Resolves with why it ended. */
  async #run(): Promise<unknown> {
    const session = new AbortController()
    this.#session = session
    let client: ConnectedEngine | undefined
    try {
      const socket = await socketFile(this.source.socketPath)
      const { id, address } = this.source
      client = await connectEngine({ id, dial: this.#dial, address, signal: session.signal })
      const { ended } = await this.#open(client, session)
      this.#client = client
      await this.#events.onConnected(client, session.signal)
      session.signal.throwIfAborted()
      this.#liveSinceMs = performance.now()
      this.#setState({ kind: 'running', sinceMs: Date.now() })
      log.info('engine', 'connected', { engine: id, version: client.facts.version })
      return await this.#live({ client, session, socket, ended })
    } catch (error) {
      return error
    } finally {
      session.abort()
      this.#client = undefined
      client?.dropIdle()
      if (this.#closed.signal.aborted) client?.close()
    }
  }

  /** Events first, lists after: what happens in between is then not missed. */
  async #open(
    client: ConnectedEngine,
    session: AbortController,
  ): Promise<{ readonly ended: Promise<unknown> }> {
    const since = Math.floor((Date.now() + client.clockSkewMs) / 1000)
    const opening = client.stream({
      path: '/events',
      query: { since },
      signal: session.signal,
      headTimeoutMs: client.facts.isPodman ? never : eventsHeadTimeoutMs,
    })
    const ended = opening.then(
      (stream) =>
        readEvents(stream, {
          onEvents: (events) => !session.signal.aborted && this.#events.onEvents(events),
          onMissed: () => !session.signal.aborted && this.#events.onMissed(),
        }),
      (error: unknown) => error,
    )
    // Podman sends the answer's head with the first event only; `since` covers the time until then.
    if (!client.facts.isPodman) await opening
    return { ended }
  }

  /** Until the events end, the socket is another one, or a beat fails. */
  async #live(live: {
    client: ConnectedEngine
    session: AbortController
    socket: SocketFile | undefined
    ended: Promise<unknown>
  }): Promise<unknown> {
    const beating = this.#beat(live.client, live.session.signal, live.socket)
    const error = await Promise.race([live.ended, beating])
    live.session.abort()
    await beating
    return error ?? new AppError('engine.unreachable', `${this.source.address} closed its events`)
  }

  async #beat(
    client: ConnectedEngine,
    signal: AbortSignal,
    socket: SocketFile | undefined,
  ): Promise<unknown> {
    const { address } = this.source
    const onLate = (error: AppError): void => {
      if (!signal.aborted) this.#lose(error, undefined)
    }
    while (!signal.aborted) {
      await this.#sleep(this.#isWatched ? beatEveryMs : unwatchedBeatMs, signal)
      if (signal.aborted) break
      try {
        if ((await beat({ client, address, socket, signal, onLate })) === 'replaced') {
          return new AppError('engine.unreachable', `${address} was replaced`)
        }
        if (this.#state.kind === 'lost') this.#setState({ kind: 'running', sinceMs: Date.now() })
      } catch (error) {
        // Silence is not an end: the events connection is still there, and so is what it told.
        if (!isSilence(error)) return error
      }
    }
    return undefined
  }

  #lose(error: unknown, waitMs: number | undefined): void {
    const wire = toWire(error)
    if (wire.code === 'bug') log.error('engine', 'connection failed', { error: String(error) })
    const isKnown = this.#state.kind === 'lost' && this.#state.error.code === wire.code
    const isLong = waitMs !== undefined && waitMs > 5_000
    if (isKnown && !isLong) return
    const now = Date.now()
    const sinceMs = this.#state.kind === 'lost' ? this.#state.sinceMs : now
    if (!isKnown) log.warn('engine', 'lost', { engine: this.source.id, code: wire.code })
    this.#setState({ kind: 'lost', error: wire, sinceMs, ...(isLong && { nextTryMs: now + waitMs }) })
  }

  #setState(state: EngineState): void {
    if (this.#closed.signal.aborted) return
    this.#state = state
    this.#events.onState(state)
  }

  /** Until the time is over (`undefined`: for ever), somebody wakes us, or the signal ends. */
  async #sleep(ms: number | undefined, signal = this.#closed.signal): Promise<void> {
    const wake = (this.#wake = new AbortController())
    const onEnd = (): void => wake.abort()
    if (signal.aborted) return
    signal.addEventListener('abort', onEnd, { once: true })
    await pause(ms ?? never, wake.signal).catch(() => undefined)
    signal.removeEventListener('abort', onEnd)
  }
}
