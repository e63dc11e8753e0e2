import type { Duplex } from 'node:stream'
import { AppError, isCode } from '../../../../shared/errors'
import { log } from '../../platform/log'
import type { SshLink } from './ssh-tools'

interface Place {
  readonly link: SshLink
  open: number
  /** What the host allows in one connection (`MaxSessions`); learned when it refuses. */
  limit: number
}

/** Above this a host should rather be asked to forward sockets. */
const maxLinks = 4
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
  #adding: Promise<Place> | undefined

  /** `another` opens one more connection to the same host. */
  constructor(
    private readonly first: SshLink,
    private readonly another: (signal: AbortSignal) => Promise<SshLink>,
  ) {
    this.#add(first)
  }

  /** Opens a session by `start` on a connection that has room. Throws `tunnel.busy` when none gets free in time. */
  async open<T extends { readonly stream: Duplex }>(
    start: (link: SshLink) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(waitMs)])
    for (;;) {
      const place = this.#roomiest() ?? (await this.#more(signal))
      if (!place) {
        await this.#room(deadline, signal)
        continue
      }
      const opened = await this.#tryIn(place, start)
      if (opened) return opened
    }
  }

  /** The connections beyond the first. */
  close(): void {
    for (const { link } of this.#places) if (link !== this.first) link.close()
  }

  async #tryIn<T extends { readonly stream: Duplex }>(
    place: Place,
    start: (link: SshLink) => Promise<T>,
  ): Promise<T | undefined> {
    place.open++
    try {
      const opened = await start(place.link)
      opened.stream.once('close', () => this.#free(place))
      return opened
    } catch (error) {
      this.#free(place)
      // A refusal with nothing open is not for want of room.
      if (!isCode(error, 'tunnel.refused', 'tunnel.forbidden') || place.open === 0) throw error
      place.limit = Math.min(place.limit, place.open)
      log.info('ssh', 'the host allows no more sessions in one connection', {
        name: place.link.name,
        limit: place.limit,
      })
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
    this.#adding ??= this.another(signal)
      .then((link) => this.#add(link))
      .finally(() => (this.#adding = undefined))
    return this.#adding.catch((error: unknown) => {
      signal.throwIfAborted()
      log.info('ssh', 'no further connection', { error })
      return undefined
    })
  }

  #add(link: SshLink): Place {
    const place: Place = { link, open: 0, limit: Infinity }
    this.#places.push(place)
    link.onClosed(() => (this.#places = this.#places.filter((each) => each !== place)))
    return place
  }

  #free(place: Place): void {
    place.open--
    for (const go of this.#waiting) go()
  }

  async #room(deadline: AbortSignal, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        this.#waiting.delete(go)
        deadline.removeEventListener('abort', late)
        resolve()
      }
      const late = (): void => {
        this.#waiting.delete(go)
        const { name } = this.first
        const busy = new AppError('tunnel.busy', `${name} allows no more sessions`, { facts: { name } })
        reject(signal.aborted ? (signal.reason as Error) : busy)
      }
      this.#waiting.add(go)
      if (deadline.aborted) late()
      else deadline.addEventListener('abort', late, { once: true })
    })
  }
}
