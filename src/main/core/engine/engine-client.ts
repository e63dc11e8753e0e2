import { setMaxListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { AppError } from '../../../shared/errors'
import type { EngineFacts, EngineFeatures, EngineId } from '../../../shared/model'
import { bulkExchange, type BulkBody } from './bulk'
import { DialAgent } from './dial-agent'
import type {
  BytesRequest,
  Dial,
  EngineClient,
  EngineRequest,
  Hijacked,
  JsonRequest,
  StreamRequest,
} from './engine'
import { silent, transportError } from './engine-error'
import { exchange, type Answer } from './exchange'
import { clockSkewMs, factsOf } from './facts'
import { hijacked } from './hijack'
import { mapped } from './mapped-stream'
import { Turns } from './turns'
import { featuresOf, negotiateApi } from './version'

const defaultTimeoutMs = 30_000
/** `/info` of a healthy engine takes milliseconds; of one that is just starting, seconds. */
const identityTimeoutMs = 8_000
/** The largest inspect seen is 50 MB; above this, parsing would stall core. */
const maxAnswerBytes = 256 * 1024 * 1024

export interface EngineTarget {
  readonly id: EngineId
  readonly dial: Dial
  /** For the person, in errors: `unix:///run/docker.sock`. */
  readonly address: string
  readonly signal: AbortSignal
  /** Until the engine's first word. Default 8 s. */
  readonly pingTimeoutMs?: number
}

/** What a connection needs beyond the calls of the services. */
export interface ConnectedEngine extends EngineClient {
  readonly clockSkewMs: number
  /** Resolves when the engine answers. `engine.not-responding` after `timeoutMs`. */
  ping(timeoutMs: number, signal?: AbortSignal): Promise<void>
  /** Forgets kept connections: after the engine was replaced they lead to the old one. */
  dropIdle(): void
  /** Ends everything that runs over this client. */
  close(): void
}

/** Asks an engine who it is and agrees on a version. Throws why it cannot be spoken to. */
export async function connectEngine(target: EngineTarget): Promise<ConnectedEngine> {
  const roads = new Roads(target.dial, target.address)
  try {
    return await identify(target, roads)
  } catch (error) {
    roads.close()
    throw error
  }
}

async function identify(target: EngineTarget, roads: Roads): Promise<ConnectedEngine> {
  const { signal } = target
  const timeoutMs = target.pingTimeoutMs ?? identityTimeoutMs
  const ping = await roads.open({ path: '/_ping', signal, timeoutMs })
  const pinged = ping.response.headers['api-version']
  await readBody(ping.response, { timeoutMs, signal, address: target.address })
  const version = await roads.json({ path: '/version', signal, timeoutMs: identityTimeoutMs })
  const stated = version as { ApiVersion?: string; MinAPIVersion?: string } | undefined
  const newest = (Array.isArray(pinged) ? pinged[0] : pinged) ?? stated?.ApiVersion ?? ''
  const oldest = stated?.MinAPIVersion
  const apiVersion = negotiateApi({ newest, ...(typeof oldest === 'string' && { oldest }) })
  roads.prefix = `/v${apiVersion}`
  const fromMs = Date.now()
  const info = await roads.json({ path: '/info', signal, timeoutMs: identityTimeoutMs })
  const skew = clockSkewMs(info, { fromMs, toMs: Date.now() })
  return new Client(target.id, roads, { facts: factsOf({ version, info, apiVersion }), clockSkewMs: skew })
}

interface Call extends EngineRequest {
  readonly timeoutMs: number
  readonly isBulk?: boolean
  readonly isQuick?: boolean
}

/** Connections, and how many calls use them at once. */
interface Lane {
  readonly agent: DialAgent
  readonly turns: Turns
}

const readsAtOnce = 8
/** As many as `docker stop` of many does. */
const slowAtOnce = 50

/** The connections to one engine. */
class Roads {
  /** Quick questions share few connections: a stampede of ours must not load the engine. */
  readonly #reads: Lane
  /**
   * What may rightly last (stop, prune, sizes) has its own, so that a slow stop never blocks a list. Not kept:
   * on a kept connection that the engine just closed, nobody could say whether a change was made.
   */
  readonly #slow: Lane
  /** Each stream has a connection that ends with it. */
  readonly #streams: DialAgent
  readonly #bulk: DialAgent
  readonly #dial: Dial
  readonly #closed = new AbortController()
  prefix = ''

  constructor(
    dial: Dial,
    readonly address: string,
  ) {
    this.#dial = dial
    setMaxListeners(0, this.#closed.signal)
    const kept = new DialAgent(dial, { keepAlive: true, maxFreeSockets: readsAtOnce })
    this.#reads = { agent: kept, turns: new Turns(readsAtOnce) }
    this.#slow = { agent: new DialAgent(dial, { keepAlive: false }), turns: new Turns(slowAtOnce) }
    this.#streams = new DialAgent(dial, { keepAlive: false })
    this.#bulk = new DialAgent(dial, { keepAlive: false, lane: 'bulk' })
  }

  open(call: Call, agent = this.#laneOf(call).agent): Promise<Answer> {
    const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body))
    const method = call.method ?? 'GET'
    const lengthless = method === 'POST' && !body ? { 'content-length': '0' } : {}
    return exchange({
      agent,
      address: this.address,
      method,
      path: call.path,
      target: this.#targetOf(call),
      headers: {
        ...lengthless,
        ...(body && { 'content-type': 'application/json', 'content-length': String(body.length) }),
        ...call.headers,
      },
      ...(body && { body }),
      signal: call.signal,
      timeoutMs: call.timeoutMs,
    })
  }

  async json(call: Call): Promise<unknown> {
    const { signal, timeoutMs } = call
    const { turns, agent } = this.#laneOf(call)
    const text = await turns.run({ address: this.address, signal, timeoutMs }, () => this.#text(call, agent))
    if (text === '') return undefined
    try {
      return JSON.parse(text) as unknown
    } catch (cause) {
      throw new AppError('engine.bad-answer', `${this.address}: the answer to ${call.path} is not JSON`, {
        cause,
      })
    }
  }

  async #text(call: Call, agent: DialAgent): Promise<string> {
    const until = performance.now() + call.timeoutMs
    const { response } = await this.open(call, agent)
    const timeoutMs = Math.max(1, until - performance.now())
    const body = await readBody(response, { timeoutMs, signal: call.signal, address: this.address })
    return body.toString('utf8').trim()
  }

  stream(call: Call): Promise<Answer> {
    return this.open(call, call.isBulk ? this.#bulk : this.#streams)
  }

  bulk(call: StreamRequest): Promise<BulkBody> {
    return bulkExchange({
      dial: this.#dial,
      address: this.address,
      method: call.method,
      target: this.#targetOf(call),
      path: call.path,
      headers: { ...(call.upload && { 'content-type': 'application/x-tar' }), ...call.headers },
      upload: call.upload,
      signal: call.signal,
      closed: this.#closed.signal,
      timeoutMs: call.headTimeoutMs ?? defaultTimeoutMs,
    })
  }

  dropIdle(): void {
    this.#reads.agent.dropIdle()
    this.#slow.agent.dropIdle()
  }

  close(): void {
    this.#closed.abort()
    for (const agent of [this.#reads.agent, this.#slow.agent, this.#streams, this.#bulk]) agent.destroy()
  }

  #targetOf({ path, query }: EngineRequest): string {
    return `${this.prefix}${path}${queryText(query)}`
  }

  #laneOf(call: Call): Lane {
    const isRead = (call.method ?? 'GET') === 'GET'
    const isQuick = call.isQuick ?? (isRead && call.timeoutMs <= defaultTimeoutMs)
    return isQuick ? this.#reads : this.#slow
  }
}

class Client implements ConnectedEngine {
  readonly facts: EngineFacts
  readonly features: EngineFeatures
  readonly clockSkewMs: number
  readonly #roads: Roads

  constructor(
    readonly id: EngineId,
    roads: Roads,
    known: { facts: EngineFacts; clockSkewMs: number },
  ) {
    this.#roads = roads
    this.facts = known.facts
    this.clockSkewMs = known.clockSkewMs
    this.features = featuresOf(known.facts.apiVersion)
  }

  async json<T>(request: JsonRequest): Promise<T> {
    return (await this.#roads.json({ ...request, timeoutMs: request.timeoutMs ?? defaultTimeoutMs })) as T
  }

  async stream(request: StreamRequest): Promise<Readable> {
    if (request.upload) return readable(await this.#roads.bulk(request))
    const { response } = await this.#open(request, {})
    return mapped(response, this.#roads.address, request.signal)
  }

  bytes(request: BytesRequest): Promise<AsyncIterable<Uint8Array>> {
    return this.#roads.bulk(request)
  }

  async hijack(request: StreamRequest): Promise<Hijacked> {
    const answer = await this.#open(request, { connection: 'Upgrade', upgrade: 'tcp' })
    const { stream, isMultiplexed } = hijacked(answer)
    return { stream: mapped(stream, this.#roads.address, request.signal), isMultiplexed }
  }

  async ping(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    // Over a connection of its own: a ping must neither wait behind calls nor trust a kept connection.
    const { response } = await this.#roads.stream({ path: '/_ping', timeoutMs, ...(signal && { signal }) })
    response.resume()
  }

  dropIdle(): void {
    this.#roads.dropIdle()
  }

  close(): void {
    this.#roads.close()
  }

  #open(request: StreamRequest, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const timeoutMs = request.headTimeoutMs ?? defaultTimeoutMs
    return this.#roads.stream({ ...request, timeoutMs, headers: { ...headers, ...request.headers } })
  }
}

/** The answer to an upload, as a stream whose chunks may be kept. */
function readable(body: BulkBody): Readable {
  const stream = Readable.from(copies(body), { objectMode: false })
  // A generator that never ran has no end of its own.
  return stream.once('close', () => body.close())
}

async function* copies(body: BulkBody): AsyncGenerator<Buffer> {
  for await (const piece of body) yield Buffer.from(piece)
}

interface Reading {
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly address: string
}

/** The whole body. A trickle of a byte a second meets the deadline like silence does. */
async function readBody(response: IncomingMessage, reading: Reading): Promise<Buffer> {
  const { timeoutMs, address } = reading
  const chunks: Buffer[] = []
  let size = 0
  const body = mapped(response, address, reading.signal)
  const deadline = setTimeout(() => body.destroy(silent(address, Math.round(timeoutMs))), timeoutMs)
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer)
      size += (chunk as Buffer).length
      if (size > maxAnswerBytes)
        throw new AppError('engine.bad-answer', `${address}: the answer is too large`)
    }
  } catch (error) {
    throw transportError(error, address)
  } finally {
    clearTimeout(deadline)
  }
  return Buffer.concat(chunks)
}

/** `?a=1&filters=%7B…`; `undefined` values are left out. */
function queryText(query: EngineRequest['query']): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue
    params.append(key, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  const text = params.toString()
  return text ? `?${text}` : ''
}
