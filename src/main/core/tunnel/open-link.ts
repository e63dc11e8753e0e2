/** The one place where an SSH connection is made: with a deadline, and never without a look at the host key. */
import net from 'node:net'
import type { Duplex } from 'node:stream'
import { Client } from 'ssh2'
import { algorithms, hostKeyAlgorithms } from './algorithms'
import { authSteps, type Credentials } from './credentials'
import { hostKeyOf, type HostKey } from './keys'
import { askEveryMs, defaultLimits, Link, type LinkLimits } from './link'
import { connectError } from './ssh-error'

export interface LinkTarget {
  /** For people: `user@host:port`. */
  readonly name: string
  readonly user: string
  /** Opens what carries the connection: a TCP connection, or a stream through another link. */
  readonly road: (signal: AbortSignal) => Promise<Duplex>
  /** Looks at the host's key and throws what refuses it. Not asked: not connected. */
  readonly verifyHostKey: (key: HostKey) => void
  /** Kinds of host key that are known of this host. */
  readonly knownKeyTypes?: readonly string[]
  readonly credentials: Credentials
  /** Told what the host shows before the login, as it came, each time more of it came: also of a login that fails. */
  readonly onBanner?: (text: string) => void
  readonly limits?: Partial<LinkLimits> & { readonly connectMs?: number; readonly loginMs?: number }
}

/** Longer than any healthy connect, shorter than a person's patience. */
const connectMs = 10_000
/** Key exchange and login: an emulated guest or a server that asks the name service takes seconds. */
const loginMs = 20_000
/** A banner is a page; more is mischief. */
const maxBanner = 64 * 1024

/** Opens a link and logs in. Throws codes of `tunnel.*`, what `verifyHostKey` or the credentials throw, or the signal's reason. */
export async function openLink(target: LinkTarget, signal: AbortSignal): Promise<Link> {
  if (typeof target.verifyHostKey !== 'function')
    throw new TypeError('A link needs somebody who looks at the host key')
  const { name, limits = {} } = target
  let road: Duplex
  try {
    road = await within(limits.connectMs ?? connectMs, signal, target.road)
  } catch (error) {
    signal.throwIfAborted()
    throw connectError(error, name)
  }
  try {
    const { client, banner } = await login(target, road, signal)
    return new Link(client, road, { name, banner, limits: { ...defaultLimits, ...limits } })
  } catch (error) {
    road.destroy()
    signal.throwIfAborted()
    throw connectError(error, name)
  }
}

/** With a timer of its own: Node 20 may collect an `AbortSignal.any` of a timeout before it fires. */
async function within<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const onAbort = (): void => late.abort(signal.reason)
  const timer = setTimeout(() => {
    late.abort(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' }))
  }, timeoutMs)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    return await work(late.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

function login(
  target: LinkTarget,
  road: Duplex,
  signal: AbortSignal,
): Promise<{ client: Client; banner: string }> {
  const client = new Client()
  let refusal: unknown
  let banner = ''
  client.on('banner', (text) => {
    banner = (banner + text).slice(0, maxBanner)
    target.onBanner?.(banner)
  })
  const check = hostCheck(target, (error) => (refusal ??= error))
  const auth = authSteps(target.user, target.credentials, (error) => {
    refusal ??= error
    client.end()
  })
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort)
      client.removeAllListeners('ready')
    }
    const fail = (error: unknown): void => {
      settle()
      client.on('error', () => undefined)
      client.destroy()
      const first = refusal ?? error
      reject(first instanceof Error ? first : new Error(String(first)))
    }
    const onAbort = (): void => fail(signal.reason)
    client.once('ready', () => {
      settle()
      client.removeListener('error', onError)
      client.removeListener('close', onClose)
      resolve({ client, banner })
    })
    // An agent that is gone or refuses is one way less, not the end.
    const onError = (error: Error & { level?: string }): void => {
      if (error.level !== 'agent') fail(auth.failure() ?? error)
    }
    const onClose = (): void => fail(auth.failure() ?? new Error('closed by the host'))
    client.on('error', onError)
    client.on('close', onClose)
    signal.addEventListener('abort', onAbort, { once: true })
    client.connect({
      sock: road,
      username: target.user,
      algorithms: { ...algorithms, serverHostKey: hostKeyAlgorithms(target.knownKeyTypes ?? []) },
      hostVerifier: check.look,
      authHandler: auth.next,
      readyTimeout: target.limits?.loginMs ?? loginMs,
      // Each question is answered by any sane server; the answers are what `Link` hears.
      keepaliveInterval: askEveryMs,
      keepaliveCountMax: Number.MAX_SAFE_INTEGER,
    })
    if (signal.aborted) onAbort()
  })
}

/**
 * Looks at the first key; from then on the host must show the same one. A link that lives long exchanges keys anew,
 * and each time its host's key comes again.
 */
function hostCheck({ verifyHostKey }: LinkTarget, refuse: (error: unknown) => void) {
  let seen: Buffer | undefined
  return {
    look: (blob: Buffer): boolean => {
      if (seen) return blob.equals(seen)
      try {
        verifyHostKey(hostKeyOf(blob))
        seen = Buffer.from(blob)
        return true
      } catch (error) {
        refuse(error)
        return false
      }
    },
  }
}

/** A TCP connection for a link: without Nagle's delay, which costs 20 ms at each small question. */
export const tcpRoad =
  (host: string, port: number) =>
  (signal: AbortSignal): Promise<Duplex> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const socket = net.connect({ host, port, noDelay: true })
      const onAbort = (): void => void socket.destroy(signal.reason as Error)
      signal.addEventListener('abort', onAbort, { once: true })
      const onError = (error: Error): void => {
        signal.removeEventListener('abort', onAbort)
        reject(error)
      }
      socket.once('error', onError)
      socket.once('connect', () => {
        signal.removeEventListener('abort', onAbort)
        socket.off('error', onError)
        // Until ssh2 listens: a reset in between must not end the process.
        socket.on('error', () => undefined)
        resolve(socket)
      })
    })
