import type { Duplex } from 'node:stream'
import { isCode } from '../../../../shared/errors'
import { log } from '../../platform/log'
import { withSignal } from '../../platform/with-signal'
import { readableBanner } from './banner'
import { findEngineRoad, stdioCommand, type EngineRoad } from './engine-road'
import { KeptLink } from './kept-link'
import { SessionPool } from './session-pool'
import type { SshLink, SshShell } from './ssh-tools'

type Login = (signal: AbortSignal) => Promise<SshLink>

const findMs = 30_000
const secondLoginMs = 20_000
const secondAgainMs = 60_000
const refusals = ['tunnel.auth-failed', 'ssh.unknown-host', 'ssh.needs-answer'] as const

/** A host with an engine, over SSH. */
export class RemoteHost {
  readonly #kept: KeptLink
  readonly #uses = new WeakMap<SshLink, LinkUse>()

  /** `login` opens a fresh connection; it is called again for each further one. */
  constructor(private readonly login: Login) {
    this.#kept = new KeptLink(login)
  }

  /** A stream to the engine. `bulk`: many bytes, which must not hold up the answers of others. */
  async dial(signal: AbortSignal, lane?: 'bulk'): Promise<Duplex> {
    return (await this.#use(signal)).dial(signal, lane)
  }

  /** A login shell, or one command, with a terminal. */
  async shell(
    what: { readonly size: { cols: number; rows: number }; readonly argv?: readonly string[] },
    signal: AbortSignal,
  ): Promise<SshShell> {
    const { pool } = await this.#use(signal)
    return pool.open((link) => link.shell(what, signal), signal)
  }

  /** What the host showed before the login that stands; empty without one, or when it shows nothing. */
  get banner(): string {
    return readableBanner(this.#kept.link?.banner ?? '')
  }

  retry(): void {
    this.#kept.retry()
  }

  close(): void {
    this.#kept.close()
  }

  async #use(signal: AbortSignal): Promise<LinkUse> {
    const link = await this.#kept.use(signal)
    const known = this.#uses.get(link)
    if (known) return known
    const use = new LinkUse(link, this.login)
    this.#uses.set(link, use)
    return use
  }
}

/** What has been learned of a host over one connection, and the connections beside it. All ends with it. */
class LinkUse {
  readonly pool: SessionPool
  #road: Promise<EngineRoad> | undefined
  #flowing: Promise<SshLink | undefined> | undefined

  constructor(
    private readonly link: SshLink,
    private readonly login: Login,
  ) {
    this.pool = new SessionPool(link, login)
    link.onClosed(() => this.pool.close())
  }

  async dial(signal: AbortSignal, lane?: 'bulk'): Promise<Duplex> {
    const road = await withSignal(this.#find(), signal)
    if (road.kind === 'stdio') return this.#stdio(signal)
    const flowing = lane === 'bulk' ? await withSignal(this.#second(), signal) : undefined
    return (flowing ?? this.link).dialUnix(road.path, signal)
  }

  /** An engine that is not there yet is looked for again at the next dial. */
  #find(): Promise<EngineRoad> {
    if (this.#road) return this.#road
    const found = findEngineRoad(this.link, AbortSignal.timeout(findMs))
    this.#road = found
    found.then(
      (road) => log.info('ssh', 'engine found', { name: this.link.name, ...road }),
      () => (this.#road = undefined),
    )
    return found
  }

  async #stdio(signal: AbortSignal): Promise<Duplex> {
    const { name } = this.link
    const onWords = (text: string): void => log.info('ssh', 'dial-stdio says', { name, text })
    const opened = await this.pool.open(
      async (link) => ({ stream: await link.pipe(stdioCommand, onWords, signal) }),
      signal,
    )
    return opened.stream
  }

  /** A host that asks for a code at each login does not get two: then all goes by the one connection. */
  #second(): Promise<SshLink | undefined> {
    this.#flowing ??= this.login(AbortSignal.timeout(secondLoginMs)).then(
      (link) => {
        this.link.onClosed(() => link.close())
        link.onClosed(() => (this.#flowing = undefined))
        return link
      },
      (error: unknown) => {
        log.info('ssh', 'no second connection', { name: this.link.name, error })
        // What refuses will refuse again; a host that was only slow is asked again, later.
        if (!isCode(error, ...refusals)) setTimeout(() => (this.#flowing = undefined), secondAgainMs).unref()
        return undefined
      },
    )
    return this.#flowing
  }
}
