import * as v from 'valibot'
import type { Handlers, PushName } from '../../../shared/contract'
import {
  clientMessageSchema,
  type ClientMessage,
  type CoreMessage,
  type CoreTransport,
} from '../../../shared/contract/wire'
import { AppError, toWire } from '../../../shared/errors'
import { PushQueue } from './push-queue'
import { check, find } from './request'
import { ServedStream } from './served-stream'

/** Subscribes to all pushes and returns the undo. */
export type OnPush = (listener: (name: PushName, value: unknown) => void) => () => void
/** Hears of every failure that is our bug; the client only learns that there was one. */
export type ReportBug = (what: string, thrown: unknown) => void

export interface ServeOptions {
  readonly onPush: OnPush
  readonly reportBug: ReportBug
}

/** What one client may have running at a time: far above what a window uses, far below what hurts core. */
export const maxRunning = 512
/** A client that has not read this much of what it asked for is taken for dead. */
export const maxUnreadBytes = 64 * 1024 * 1024

/**
 * Serves one client until its transport closes. Everything that arrives is checked. What a client did
 * wrong in a call fails that call; what breaks the protocol (no message, an id in use, input beyond the
 * credit, a mountain of unread replies) ends this client and no other. When it goes, all that it had
 * running is aborted. Returns the undo, which ends the connection.
 */
export function serveClient(transport: CoreTransport, handlers: Handlers, options: ServeOptions): () => void {
  const served = new ServedClient(transport, handlers, options)
  return () => served.end()
}

type Call = Extract<ClientMessage, { t: 'call' }>
type Open = Extract<ClientMessage, { t: 'open' }>

class ServedClient {
  readonly #transport: CoreTransport
  readonly #handlers: Handlers
  readonly #reportBug: ReportBug
  readonly #pushes: PushQueue
  readonly #forgetPushes: () => void
  readonly #calls = new Map<number, AbortController>()
  readonly #streams = new Map<number, ServedStream>()
  #isOpen = true

  constructor(transport: CoreTransport, handlers: Handlers, options: ServeOptions) {
    this.#transport = transport
    this.#handlers = handlers
    this.#reportBug = options.reportBug
    this.#pushes = new PushQueue(transport)
    this.#forgetPushes = options.onPush((name, value) => this.#pushes.put(name, value))
    transport.onMessage((message) => this.#receive(message))
    transport.onClose(() => this.end())
  }

  end(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#forgetPushes()
    this.#pushes.close()
    for (const controller of this.#calls.values()) controller.abort()
    for (const stream of this.#streams.values()) stream.cancel()
    this.#transport.close()
  }

  #receive(raw: unknown): void {
    if (!this.#isOpen) return
    try {
      const parsed = v.safeParse(clientMessageSchema, raw)
      if (!parsed.success) throw new AppError('stream.broken', 'That is no message of a client')
      this.#take(parsed.output)
    } catch (thrown) {
      if (!(thrown instanceof AppError)) this.#reportBug('a message could not be taken', thrown)
      this.end()
    }
  }

  /** What it throws ends the connection. A message for an id that has ended meanwhile is late, not wrong. */
  #take(message: ClientMessage): void {
    switch (message.t) {
      case 'call':
        return this.#admit(message, () => this.#call(message))
      case 'open':
        return this.#admit(message, () => this.#open(message))
      case 'in':
        return this.#streams.get(message.id)?.receive(message.value)
      case 'ack':
        return this.#streams.get(message.id)?.acknowledge(message.bytes)
      case 'cancel':
        this.#calls.get(message.id)?.abort()
        return this.#streams.get(message.id)?.cancel()
    }
  }

  #admit(message: Call | Open, begin: () => void): void {
    const { id } = message
    if (this.#calls.has(id) || this.#streams.has(id)) {
      this.#sendError(id, new AppError('stream.broken', 'That id is in use'))
      throw new AppError('stream.broken', 'That id is in use')
    }
    if (this.#calls.size + this.#streams.size >= maxRunning) {
      const facts = { path: '', problem: `more than ${maxRunning} at a time` }
      return this.#sendError(id, new AppError('input.invalid', 'Too much is asked at once', { facts }))
    }
    begin()
  }

  #call({ id, name, args }: Call): void {
    const controller = new AbortController()
    this.#calls.set(id, controller)
    const run = async (): Promise<unknown> => {
      const found = find(this.#handlers, name, 'call')
      return await found.handle(check(found.args, args), controller.signal)
    }
    void run()
      .then((value) => this.#send({ t: 'ok', id, value: value ?? null }))
      .catch((thrown: unknown) => {
        const error = toWire(thrown, controller.signal)
        if (error.code === 'bug') this.#reportBug(`the call ${name} failed`, thrown)
        this.#send({ t: 'err', id, error })
      })
      .finally(() => this.#calls.delete(id))
  }

  #open(message: Open): void {
    const { id, name } = message
    try {
      const found = find(this.#handlers, name, 'stream')
      const stream = new ServedStream(message, check(found.args, message.args), {
        found,
        send: (down) => this.#send(down),
        breakOff: () => this.end(),
        reportBug: (thrown) => this.#reportBug(`the stream ${name} failed`, thrown),
      })
      this.#streams.set(id, stream)
      void stream.run().finally(() => this.#streams.delete(id))
    } catch (thrown) {
      if (toWire(thrown).code === 'bug') this.#reportBug(`the stream ${name} could not begin`, thrown)
      this.#sendError(id, thrown)
    }
  }

  #sendError(id: number, thrown: unknown): void {
    this.#send({ t: 'err', id, error: toWire(thrown) })
  }

  /** Throws when the message itself cannot travel, such as one that is too large. */
  #send(message: CoreMessage): void {
    if (!this.#isOpen) return
    this.#transport.send(message)
    if (this.#transport.bufferedBytes > maxUnreadBytes) this.end()
  }
}
