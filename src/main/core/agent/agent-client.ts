import type { Duplex } from 'node:stream'
import { Credit, Inbox } from '../../../shared/contract/credit'
import { AppError, errorCodes, type ErrorCode, type Facts } from '../../../shared/errors'
import { timeLimit } from '../platform/time-limit'
import { encodeFrame, FrameReader, kinds, maxPayloadBytes, type Frame, type FrameKind } from './frames'

/** Raised when an agent of the older one would misread us. */
export const agentProtocol = 1

/** An agent that starts says hello at once; one on a busy emulated machine needs some seconds. */
const helloTimeoutMs = 15_000
/** A stream's grant: the agent's 64 KiB pieces flow without a pause, and memory stays bounded. */
const creditBytes = 512 * 1024
const pieceBytes = 64 * 1024

export interface AgentHello {
  readonly version: string
  readonly features: readonly string[]
}

export interface AgentStream {
  /** Raw bytes as Buffer, JSON items as they are. Iterating gives the agent room for more. */
  [Symbol.asyncIterator](): AsyncIterator<unknown, undefined>
  /** Resolves when it is on the road: awaiting it is the flow control of uploads. */
  send(input: Uint8Array | object): Promise<void>
  /** Nothing more will be sent. */
  end(): void
  cancel(): void
}

/** One connection to `slipway-agent`, over whatever road. */
export interface AgentClient {
  readonly hello: AgentHello
  /** Throws the agent's own error code, `engine.unreachable` when the road ended, or the signal's reason. */
  call<T>(method: string, args: object, signal?: AbortSignal): Promise<T>
  stream(method: string, args: object): AgentStream
  /** Called once, when the road has ended. */
  onClosed(listener: (reason: Error) => void): () => void
  close(): void
}

/** Says hello over a road. Throws `engine.unsupported` for an agent of another protocol, or why there is none. */
export async function connectAgent(road: Duplex, signal?: AbortSignal): Promise<AgentClient> {
  const connection = new Connection(road)
  const limit = timeLimit(signal, helloTimeoutMs)
  const stop = (): void => connection.fail(gone('The agent did not say hello in time'))
  if (limit.aborted) stop()
  else limit.addEventListener('abort', stop, { once: true })
  try {
    const hello = await connection.hello
    return clientOf(connection, hello)
  } finally {
    limit.removeEventListener('abort', stop)
  }
}

const gone = (text: string, cause?: unknown): AppError =>
  new AppError('engine.unreachable', text, { facts: { what: 'agent' }, cause })

interface Open {
  readonly onFrame: (frame: Frame) => void
  readonly onFail: (error: Error) => void
}

/** The road: frames in, frames out, and who waits for what. */
class Connection {
  readonly hello: Promise<AgentHello>
  readonly #reader = new FrameReader()
  readonly #open = new Map<number, Open>()
  readonly #listeners = new Set<(reason: Error) => void>()
  #lastId = 0
  #ended: Error | undefined
  #greet: ((frame: Frame) => void) | undefined

  constructor(private readonly road: Duplex) {
    this.hello = new Promise((resolve, reject) => {
      this.#open.set(0, { onFrame: () => undefined, onFail: reject })
      this.#greet = (frame) => {
        const hello = helloOf(frame)
        this.#open.delete(0)
        resolve(hello)
      }
    })
    road.on('data', (chunk: Buffer) => this.#receive(chunk))
    road.on('error', (error) => this.fail(gone('The road to the agent broke', error)))
    road.on('close', () => this.fail(gone('The agent has ended')))
    road.on('end', () => this.fail(gone('The agent has ended')))
    this.write(kinds.hello, 0, { name: 'slipway', protocol: agentProtocol, version: '' })
  }

  get ended(): Error | undefined {
    return this.#ended
  }

  begin(open: Open): number {
    if (this.#ended) throw this.#ended
    const id = ++this.#lastId
    this.#open.set(id, open)
    return id
  }

  forget(id: number): void {
    this.#open.delete(id)
  }

  write(kind: FrameKind, id: number, payload?: object): void {
    if (this.#ended) return
    const bytes = payload instanceof Uint8Array ? payload : payload && Buffer.from(JSON.stringify(payload))
    this.road.write(encodeFrame(kind, id, bytes))
  }

  onClosed(listener: (reason: Error) => void): () => void {
    if (this.#ended) listener(this.#ended)
    else this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Ends all that waits, once. */
  fail(error: Error): void {
    if (this.#ended) return
    this.#ended = error
    this.road.destroy()
    for (const open of [...this.#open.values()]) open.onFail(error)
    this.#open.clear()
    for (const listener of [...this.#listeners]) listener(error)
    this.#listeners.clear()
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk)) {
        if (this.#greet) {
          this.#greet(frame)
          this.#greet = undefined
        } else this.#open.get(frame.id)?.onFrame(frame)
      }
    } catch (error) {
      // Garbage ends the stream, never core.
      this.fail(error instanceof AppError ? error : gone('The agent sent what cannot be read', error))
    }
  }
}

function helloOf({ kind, payload }: Frame): AgentHello {
  const said = kind === kinds.hello ? (JSON.parse(payload.toString()) as Record<string, unknown>) : {}
  if (said['protocol'] !== agentProtocol || typeof said['version'] !== 'string')
    throw new AppError('engine.unsupported', 'The agent is of another version', { facts: { what: 'agent' } })
  const features = Array.isArray(said['features']) ? said['features'].map(String) : []
  return { version: said['version'], features }
}

function clientOf(connection: Connection, hello: AgentHello): AgentClient {
  return {
    hello,
    call: (method, args, signal) => callOver(connection, { method, args }, signal),
    stream: (method, args) => new Stream(connection, { method, args }),
    onClosed: (listener) => connection.onClosed(listener),
    close: () => connection.fail(gone('The connection to the agent was closed')),
  }
}

interface Asked {
  readonly method: string
  readonly args: object
}

function callOver<T>(connection: Connection, asked: Asked, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const settle = (): void => {
      signal?.removeEventListener('abort', onAbort)
      connection.forget(id)
    }
    const fail = (error: Error): void => {
      settle()
      reject(error)
    }
    const onAbort = (): void => {
      connection.write(kinds.cancel, id)
      fail(signal?.reason as Error)
    }
    const id = connection.begin({
      onFail: fail,
      onFrame: (frame) => {
        if (frame.kind === kinds.error) return fail(errorOf(frame))
        if (frame.kind !== kinds.reply) return
        const value = JSON.parse(frame.payload.toString()) as T
        settle()
        resolve(value)
      },
    })
    signal?.addEventListener('abort', onAbort, { once: true })
    connection.write(kinds.call, id, asked)
  })
}

/** An agent is ours, but what it says crossed a wire: an unknown code is told as such. */
function errorOf({ payload }: Frame): AppError {
  const said = JSON.parse(payload.toString()) as { code?: unknown; message?: unknown; facts?: unknown }
  const code = errorCodes.find((known) => known === said.code) ?? ('bug' satisfies ErrorCode)
  const facts: Record<string, string | number | boolean> = {}
  for (const [key, value] of Object.entries((said.facts ?? {}) as Facts))
    if (['string', 'number', 'boolean'].includes(typeof value)) facts[key] = value
  return new AppError(code, String(said.message), { facts })
}

class Stream implements AgentStream {
  readonly #upward = new Credit()
  readonly #inbox: Inbox<unknown>
  readonly #id: number
  #isOver = false

  constructor(
    private readonly connection: Connection,
    asked: Asked,
  ) {
    this.#inbox = new Inbox(
      (bytes) => this.#acknowledge(bytes),
      () => this.cancel(),
    )
    this.#id = connection.begin({
      onFail: (error) => this.#close(error),
      onFrame: (frame) => this.#take(frame),
    })
    connection.write(kinds.open, this.#id, { ...asked, credit: creditBytes })
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown, undefined> {
    return this.#inbox[Symbol.asyncIterator]()
  }

  async send(input: Uint8Array | object): Promise<void> {
    if (!(input instanceof Uint8Array)) {
      const payload = Buffer.from(JSON.stringify(input))
      if (payload.byteLength > maxPayloadBytes) throw new AppError('bug', 'An item is too large')
      return this.#put(kinds.message, payload)
    }
    for (let at = 0; at < input.byteLength; at += pieceBytes)
      await this.#put(kinds.data, input.subarray(at, at + pieceBytes))
  }

  end(): void {
    if (!this.#isOver) this.connection.write(kinds.end, this.#id)
  }

  cancel(): void {
    if (this.#isOver) return
    this.connection.write(kinds.cancel, this.#id)
    this.#close(new AppError('cancelled', 'Cancelled'))
  }

  async #put(kind: FrameKind, payload: Uint8Array): Promise<void> {
    await this.#upward.room()
    if (this.#isOver) throw this.connection.ended ?? new AppError('cancelled', 'The stream has ended')
    this.#upward.spend(payload.byteLength)
    this.connection.write(kind, this.#id, payload)
  }

  #take(frame: Frame): void {
    if (frame.kind === kinds.data) this.#inbox.put(frame.payload, frame.payload.byteLength)
    else if (frame.kind === kinds.message)
      this.#inbox.put(JSON.parse(frame.payload.toString()) as unknown, frame.payload.byteLength)
    else if (frame.kind === kinds.credit) this.#upward.grant(frame.payload.readUInt32BE(0))
    else if (frame.kind === kinds.end) this.#close()
    else if (frame.kind === kinds.error) this.#close(errorOf(frame))
  }

  #acknowledge(bytes: number): void {
    if (this.#isOver) return
    const payload = Buffer.alloc(4)
    payload.writeUInt32BE(bytes)
    this.connection.write(kinds.credit, this.#id, payload)
  }

  #close(error?: Error): void {
    this.#isOver = true
    this.connection.forget(this.#id)
    this.#inbox.end(error)
    this.#upward.wake()
  }
}
