import type { Duplex } from 'node:stream'
import { AppError, isCode } from '../../../../shared/errors'
import { log } from '../../platform/log'
import { timeLimit } from '../../platform/time-limit'
import { pause } from '../../platform/wait-for'
import { withSignal } from '../../platform/with-signal'
import type { SshLink } from './ssh-tools'

interface Place {
  readonly link: SshLink
  open: number
  /** What the host allows in one connection (`MaxSessions`); learned when it refuses. */
  limit: number
  /** The most that were open together. */
  peak: number
  /** When a session was last closed here. */
  closedAtMs: number
}

/** Above this a host should rather be asked to forward sockets. */
const maxLinks = 4
const againMs = 150
/** So long a session that was closed here may still count at the far side: its program has to end first. */
const endingMs = 1_000
/** For a further connection: the host has let us in before. */
const loginMs = 20_000
/** For somebody else's session to end. */
const waitMs = 10_000

/**
 * Programs at the far side, spread over as many connections as it takes: sshd allows ten in one by default, and
 * a window with logs, stats and terminals wants more. The limit is learned from the first refusal; who finds no
 * place waits for one.
 */
export class SessionPool {
  #places: Place[] = []
  readonly #waiting = new Set<() => void>()
  #adding: Promise<Place | undefined> | undefined
  readonly #end = new AbortController()

  /** `another` opens one more connection to the same host. */
  constructor(
    private readonly first: SshLink,
    private readonly another: (signal: AbortSignal) => Promise<SshLink>,
  ) {
    this.#add(first)
  }

  /**
   * Opens a session by `start` on a connection that has room. Throws `tunnel.busy` when none gets free in time,
   * `tunnel.lost` when the pool ends before.
   */
  async open<T extends { readonly stream: Duplex }>(
    start: (link: SshLink) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const untilMs = performance.now() + waitMs
    for (;;) {
      signal.throwIfAborted()
      if (performance.now() >= untilMs) throw this.#busy()
      const place = this.#roomiest() ?? (await this.#more(signal))
      this.#end.signal.throwIfAborted()
      if (!place) {
        await this.#room(untilMs - performance.now(), signal)
        continue
      }
      const opened = await this.#tryIn(place, start)
      if (opened) return opened
    }
  }

  /** The connections beyond the first, also one that is only coming. */
  close(): void {
    const { name } = this.first
    this.#end.abort(new AppError('tunnel.lost', `The connection to ${name} has ended`, { facts: { name } }))
    for (const go of this.#waiting) go()
    for (const { link } of this.#places) if (link !== this.first) link.close()
  }

  async #tryIn<T extends { readonly stream: Duplex }>(
    place: Place,
    start: (link: SshLink) => Promise<T>,
  ): Promise<T | undefined> {
    place.open++
    try {
      const opened = await start(place.link)
      place.peak = Math.max(place.peak, place.open)
      opened.stream.once('close', () => {
        place.closedAtMs = performance.now()
        this.#free(place)
      })
      return opened
    } catch (error) {
      this.#free(place)
      // A refusal where nothing was ever opened is not for want of room.
      if (!isCode(error, 'tunnel.refused', 'tunnel.forbidden') || place.peak === 0) throw error
      // A refusal because of what is ending tells nothing of the limit, nor does one where more fitted once.
      const isEnding = performance.now() - place.closedAtMs < endingMs
      if (isEnding || place.open < place.peak) await pause(againMs)
      else if (place.limit > place.open) {
        place.limit = place.open
        log.info('ssh', 'the limit of sessions was met', { name: place.link.name, limit: place.limit })
      }
      return undefined
    }
  }

  #roomiest(): Place | undefined {
    return this.#places
      .filter(({ open, limit }) => open < limit)
      .sort((a, b) => a.open - b.open)
      .at(0)
  }

  /** A further connection; `undefined` when there are enough, or when the host or the person would be asked too much. */
  async #more(signal: AbortSignal): Promise<Place | undefined> {
    if (this.#places.length >= maxLinks) return undefined
    this.#adding ??= this.#another().finally(() => (this.#adding = undefined))
    return withSignal(this.#adding, signal)
  }

  /** Whoever asked first may leave: others wait for it too. */
  async #another(): Promise<Place | undefined> {
    try {
      const link = await this.another(timeLimit(this.#end.signal, loginMs))
      if (!this.#end.signal.aborted) return this.#add(link)
      link.close()
    } catch (error) {
      log.info('ssh', 'no further connection', { error })
    }
    return undefined
  }

  #add(link: SshLink): Place {
    const place: Place = { link, open: 0, limit: Infinity, peak: 0, closedAtMs: -Infinity }
    this.#places.push(place)
    link.onClosed(() => (this.#places = this.#places.filter((each) => each !== place)))
    return place
  }

  #free(place: Place): void {
    place.open--
    for (const go of this.#waiting) go()
  }

  #busy(): AppError {
    const { name } = this.first
    return new AppError('tunnel.busy', `${name} allows no more sessions`, { facts: { name } })
  }

  /** Until somebody's session ends, the time is over, or the asker has gone: the loop sees which. */
  async #room(timeoutMs: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(go)
        signal.removeEventListener('abort', go)
        resolve()
      }
      const timer = setTimeout(go, timeoutMs)
      this.#waiting.add(go)
      signal.addEventListener('abort', go, { once: true })
    })
  }
}
