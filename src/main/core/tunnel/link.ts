import type { Duplex } from 'node:stream'
import type { Channel, Client, ClientCallback } from 'ssh2'
import { AppError } from '../../../shared/errors'
import { ChannelStream } from './channel-stream'
import { openPtySession, openSession, runCommand, type Command, type Ran, type RemoteShell } from './sessions'
import { channelError, lostError } from './ssh-error'

export interface Size {
  readonly cols: number
  readonly rows: number
}

export interface LinkLimits {
  /** For the answer to each "open a channel". */
  readonly channelMs: number
  /** Without a byte from the far side for so long, with a question asked meanwhile, the link is dead. */
  readonly silenceMs: number
}

/** A healthy far side answers a question of ours each 4 s: two that were lost and some patience. */
export const defaultLimits: LinkLimits = { channelMs: 10_000, silenceMs: 11_000 }
export const askEveryMs = 4_000

/** Bytes that wait in the socket at which channels are made to wait: less than a blink of a slow network. */
const roomyBytes = 512 * 1024

type Opened = (client: Client, done: ClientCallback) => void

/**
 * One SSH connection that stands: streams through it, programs at its far end, and its end told once. Whatever
 * runs through it fails with `tunnel.lost` when it ends.
 */
export class Link {
  readonly #streams = new Set<ChannelStream>()
  readonly #listeners = new Set<(reason: Error | undefined) => void>()
  readonly #served = new Map<string, (stream: Duplex) => void>()
  readonly #roomy: (() => void)[] = []
  readonly #liveness: Liveness
  #isClosed = false
  #reason: Error | undefined

  constructor(
    private readonly client: Client,
    private readonly road: Duplex,
    private readonly about: { readonly name: string; readonly limits: LinkLimits; readonly banner: string },
  ) {
    client.on('error', (error) => (this.#reason ??= error))
    client.on('close', () => this.#end(lostError(this.#reason, this.name)))
    client.on('unix connection', (info, accept, reject) => {
      const serve = this.#served.get(info.socketPath)
      if (serve) serve(this.#hold(accept()))
      else reject()
    })
    road.on('drain', () => this.#drained())
    this.#liveness = new Liveness(road, about.limits.silenceMs, () => {
      this.#end(
        new AppError('tunnel.lost', `${this.name} fell silent`, {
          facts: { name: this.name, reason: 'silence' },
        }),
      )
    })
  }

  /** `user@host:port`, for people. */
  get name(): string {
    return this.about.name
  }

  /** What the far side showed before the login, as it came: for eyes, never for a terminal. */
  get banner(): string {
    return this.about.banner
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** A stream to a unix socket at the far side. Throws `tunnel.refused`, `tunnel.forbidden`, `tunnel.lost`. */
  dialUnix(path: string, signal: AbortSignal): Promise<Duplex> {
    return this.#dial(path, (client, done) => client.openssh_forwardOutStreamLocal(path, done), signal)
  }

  /** A stream to a TCP port, as the far side sees it. */
  dialTcp(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    const target = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    return this.#dial(target, (client, done) => client.forwardOut('127.0.0.1', 0, host, port, done), signal)
  }

  /** Serves connections to a unix socket that the far side makes (0600). Returns the undo. */
  async listenUnix(
    path: string,
    onConnection: (stream: Duplex) => void,
    signal: AbortSignal,
  ): Promise<() => void> {
    await this.#ask<void>(
      path,
      (client, done) =>
        client.openssh_forwardInStreamLocal(path, (error) => done(error ?? undefined, undefined)),
      signal,
    )
    this.#served.set(path, onConnection)
    return () => {
      if (!this.#served.delete(path) || this.#isClosed) return
      this.client.openssh_unforwardInStreamLocal(path, () => undefined)
    }
  }

  /** Runs a program to its end and answers what it said. A code other than 0 is an answer. */
  run(command: Command, signal: AbortSignal): Promise<Ran> {
    return runCommand(() => this.#session(openSession(command.argv), signal), command, signal)
  }

  /** A program whose stdin and stdout are the stream; what it says on stderr goes to `onWords`. */
  async pipe(argv: readonly string[], onWords: (text: string) => void, signal: AbortSignal): Promise<Duplex> {
    const channel = await this.#session(openSession(argv), signal)
    channel.stderr.on('data', (chunk: Buffer) => onWords(chunk.toString('utf8')))
    return this.#hold(channel)
  }

  /** A login shell, or one command, with a terminal. */
  async shell(
    what: { readonly size: Size; readonly argv?: readonly string[] },
    signal: AbortSignal,
  ): Promise<RemoteShell> {
    const channel = await this.#session(openPtySession(what), signal)
    const stream = this.#hold(channel)
    const exit = new Promise<number | null>((resolve) => {
      channel.once('exit', (code: number | null) => resolve(code))
      channel.once('close', () => resolve(null))
      stream.once('close', () => resolve(null))
    })
    return { stream, exit, resize: ({ cols, rows }) => channel.setWindow(rows, cols, 0, 0) }
  }

  /** Called once, when the link has ended; at once when it has. `undefined`: by `close`. */
  onClosed(listener: (reason: Error | undefined) => void): () => void {
    if (this.#isClosed) listener(this.#reason)
    else this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  close(): void {
    this.#end(undefined)
  }

  #session(open: Opened, signal: AbortSignal): Promise<Channel> {
    return this.#ask<Channel>('session', open, signal)
  }

  async #dial(target: string, open: Opened, signal: AbortSignal): Promise<Duplex> {
    return this.#hold(await this.#ask<Channel>(target, open, signal))
  }

  #hold(channel: Channel): ChannelStream {
    const stream: ChannelStream = new ChannelStream(channel, {
      whenRoomy: (go) => this.#whenRoomy(go),
      onOver: () => this.#streams.delete(stream),
    })
    this.#streams.add(stream)
    if (this.#isClosed) stream.destroy(lostError(this.#reason, this.name))
    return stream
  }

  #ask<T>(
    target: string,
    start: (client: Client, done: (error: Error | undefined, value: T) => void) => void,
    signal: AbortSignal,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      signal.throwIfAborted()
      if (this.#isClosed) throw lostError(this.#reason, this.name)
      let isOver = false
      const settle = (): void => {
        isOver = true
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        undo()
      }
      const fail = (error: unknown): void => {
        if (isOver) return
        settle()
        reject(error instanceof Error ? error : new Error(String(error)))
      }
      const onAbort = (): void => fail(signal.reason)
      const timer = setTimeout(() => fail(this.#late(target)), this.about.limits.channelMs)
      const undo = this.onClosed((reason) => fail(reason ?? lostError(undefined, this.name)))
      signal.addEventListener('abort', onAbort, { once: true })
      start(this.client, (error, value) => {
        if (isOver) discard(value)
        else if (error) fail(this.#isClosed ? this.#reason : channelError(error, { name: this.name, target }))
        else {
          settle()
          resolve(value)
        }
      })
    })
  }

  #late(target: string): AppError {
    const facts = { name: this.name, target, afterMs: this.about.limits.channelMs }
    return new AppError('tunnel.not-responding', `${this.name} did not open a way to ${target}`, { facts })
  }

  #whenRoomy(go: () => void): void {
    if (this.#isClosed || this.road.writableLength < roomyBytes) go()
    else this.#roomy.push(go)
  }

  #drained(): void {
    for (const go of this.#roomy.splice(0)) go()
  }

  #end(reason: AppError | undefined): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#reason = reason
    this.#liveness.stop()
    this.#served.clear()
    for (const stream of [...this.#streams]) stream.destroy(reason ?? lostError(undefined, this.name))
    this.#drained()
    // A far side that is gone never answers a farewell: said, and the socket goes in any case.
    this.client.end()
    setTimeout(() => this.road.destroy(), reason ? 0 : 200).unref()
    for (const listener of [...this.#listeners]) listener(reason)
    this.#listeners.clear()
  }
}

/** A channel that opened after its asker had given up. */
function discard(value: unknown): void {
  const channel = value as Partial<Channel> | undefined
  channel?.on?.('error', () => undefined)
  channel?.resume?.()
  channel?.close?.()
}

/**
 * Any byte from the far side is a sign of life: a pure answer counter would take a link for dead whose answers
 * wait behind a big upload.
 */
class Liveness {
  #heardMs = performance.now()
  #timer: NodeJS.Timeout | undefined
  readonly #onData = (): void => void (this.#heardMs = performance.now())

  constructor(
    private readonly road: Duplex,
    private readonly silenceMs: number,
    private readonly onSilent: () => void,
  ) {
    road.on('data', this.#onData)
    this.#look(silenceMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.road.off('data', this.#onData)
  }

  #look(afterMs: number): void {
    const dueMs = performance.now() + afterMs
    this.#timer = setTimeout(() => {
      const now = performance.now()
      const leftMs = this.#heardMs + this.silenceMs - now
      // We slept ourselves (a closed lid, a stopped process): the far side gets the time to say something.
      if (now - dueMs > askEveryMs) this.#look(2 * askEveryMs)
      else if (leftMs <= 0) this.onSilent()
      else this.#look(leftMs)
    }, afterMs)
    this.#timer.unref()
  }
}
