import type { Duplex } from 'node:stream'
import { AppError, isCode } from '../../../shared/errors'
import { backoffMs } from '../../../shared/std/backoff'
import { pause } from '../platform/wait-for'
import { withSignal } from '../platform/with-signal'
import { identityOf } from './credentials'
import { blobOfLine, fingerprint } from './keys'
import type { Link, LinkLimits, Size } from './link'
import { openLink, tcpRoad, type LinkTarget } from './open-link'
import type { RemoteShell } from './sessions'

/** How a guest is reached: both keys are made by us, so there is no trust on first use. */
export interface GuestAddress {
  readonly host: string
  readonly port: number
  /** OpenSSH private key text. */
  readonly privateKey: string
  /** `ssh-ed25519 AAAA…`: the only host key that is accepted. */
  readonly hostKey: string
  readonly limits?: LinkTarget['limits']
}

/** Of the second connection, while the first one stands. */
const secondTries = 4
const retry = { minMs: 100, maxMs: 2_000 }
const passing = ['tunnel.unreachable', 'tunnel.not-responding', 'tunnel.bad-answer'] as const

/** Where the guest's own program is. */
const guestProgram = '/usr/libexec/slipway/guest'

/**
 * A machine's guest over two connections: one for what is asked and answered, one for what flows (ports, shares,
 * images). In one connection an answer waits behind the bytes of all the others. The second is opened when it is
 * first needed: a login takes a second of an emulated guest that has just begun to start its engine.
 */
export async function openGuest(address: GuestAddress, signal: AbortSignal): Promise<TunnelGuest> {
  const target = targetOf(address)
  return new TunnelGuest(await openLink(target, signal), (until) => openLink(target, until))
}

function targetOf({ host, port, privateKey, hostKey, limits }: GuestAddress): LinkTarget {
  const name = `${host}:${port}`
  const expected = blobOfLine(hostKey)
  const identity = identityOf(privateKey)
  return {
    name,
    user: 'root',
    road: tcpRoad(host, port),
    knownKeyTypes: [hostKey.split(' ')[0] ?? ''],
    verifyHostKey: ({ blob }) => {
      if (blob.equals(expected)) return
      const facts = { name, expected: fingerprint(expected), got: fingerprint(blob) }
      throw new AppError(
        'tunnel.host-key-changed',
        `${name} shows the key ${facts.got} in place of ${facts.expected}`,
        { facts },
      )
    },
    credentials: { identities: () => Promise.resolve([identity]) },
    ...(limits && { limits }),
  }
}

export type { LinkLimits }

/** See `Guest` of the machines: this is it, over SSH. Its connections end together. */
export class TunnelGuest {
  readonly #listeners = new Set<(reason: Error | undefined) => void>()
  #isClosed = false
  #reason: Error | undefined

  readonly #ended = new AbortController()
  #flowing: Promise<Link> | undefined

  constructor(
    private readonly asked: Link,
    private readonly openSecond: (signal: AbortSignal) => Promise<Link>,
  ) {
    asked.onClosed((reason) => this.#end(reason))
  }

  /** Runs a verb of the guest's program and answers what it said. Throws `machine.guest-failed` with its words. */
  async run(
    verb: string,
    args: readonly string[],
    more: { input?: string; signal: AbortSignal; timeoutMs?: number },
  ): Promise<string> {
    const { signal, ...rest } = more
    const ran = await this.asked.run({ argv: [guestProgram, verb, ...args], ...rest }, signal)
    if (ran.code === 0) return ran.stdout
    const said = (ran.stderr.trim() || ran.stdout.trim()).slice(-2000)
    const detail = said || `it ended with ${ran.code ?? 'a signal'}`
    throw new AppError('machine.guest-failed', `${verb}: ${detail}`, {
      facts: { verb, detail, ...(ran.code !== null && { exitCode: ran.code }) },
    })
  }

  /** `bulk`: what flows rather than what is asked; a save of an image must not hold up the pings. */
  async dialUnix(path: string, signal: AbortSignal, lane?: 'bulk'): Promise<Duplex> {
    return (lane === 'bulk' ? await this.#second(signal) : this.asked).dialUnix(path, signal)
  }

  async dialTcp(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    return (await this.#second(signal)).dialTcp(host, port, signal)
  }

  async listenUnix(
    path: string,
    onConnection: (stream: Duplex) => void,
    signal: AbortSignal,
  ): Promise<() => void> {
    // The socket of a link that broke is still there, with nobody behind it.
    await this.asked.run({ argv: ['rm', '-f', path] }, signal)
    return (await this.#second(signal)).listenUnix(path, onConnection, signal)
  }

  /** A login shell, or one command, with a terminal. */
  shell(size: Size, signal: AbortSignal, argv?: readonly string[]): Promise<RemoteShell> {
    return this.asked.shell({ size, ...(argv && { argv }) }, signal)
  }

  /** Called once, when the link has ended. */
  onClosed(listener: (reason: Error | undefined) => void): () => void {
    if (this.#isClosed) listener(this.#reason)
    else this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  close(): void {
    this.#end(undefined)
  }

  /** One that could not be opened is tried again by the next who needs it; one that breaks ends the guest. */
  #second(signal: AbortSignal): Promise<Link> {
    this.#flowing ??= this.#openSecond().then(
      (link) => {
        link.onClosed((reason) => this.#end(reason))
        return link
      },
      (error: unknown) => {
        this.#flowing = undefined
        throw error
      },
    )
    return withSignal(this.#flowing, signal)
  }

  /** The first connection stands, so that a login that breaks off is a passing fault of a guest that is very busy. */
  async #openSecond(): Promise<Link> {
    const { signal } = this.#ended
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.openSecond(signal)
      } catch (error) {
        if (attempt === secondTries || !isCode(error, ...passing)) throw error
        await pause(backoffMs(attempt, retry), signal)
      }
    }
  }

  #end(reason: Error | undefined): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#reason = reason
    this.#ended.abort(reason ?? new AppError('tunnel.lost', 'The guest was let go'))
    this.asked.close()
    void this.#flowing?.then((link) => link.close()).catch(() => undefined)
    for (const listener of [...this.#listeners]) listener(reason)
    this.#listeners.clear()
  }
}
