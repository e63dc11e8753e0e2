import type { Duplex, Readable } from 'node:stream'
import type { EngineFacts, EngineFeatures, EngineId } from '../../../shared/model'
import type { Upload } from './chunked-upload'

/**
 * Opens a fresh byte road to the engine: a unix socket, a TLS socket, an SSH channel. `bulk` says that many bytes
 * will flow: over SSH they take a connection of their own, so that no answer waits behind them. `take` gets the
 * bytes in place of the stream's readers where the road can read into one kept buffer; it answers whether more are
 * wanted before the stream's next `resume`.
 */
export type Dial = (
  signal: AbortSignal,
  lane?: 'bulk',
  take?: (bytes: Uint8Array) => boolean,
) => Promise<Duplex>

export interface EngineRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD'
  /** Without the version: `/containers/json`. Parts that come from people go through `pathPart`. */
  readonly path: string
  /** `undefined` leaves the key out; objects are sent as JSON (the engine's `filters`). */
  readonly query?: Readonly<Record<string, string | number | boolean | object | undefined>>
  /** Sent as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export interface JsonRequest extends EngineRequest {
  /** Until the whole answer is here. Default 30 s: a call that may rightly take longer says so. */
  readonly timeoutMs?: number
  /**
   * Goes with the quick questions, which wait for no stop and no prune, although it may last: a list. Without it only
   * a GET of the default deadline does.
   */
  readonly isQuick?: boolean
}

export interface StreamRequest extends EngineRequest {
  /** Until the answer's head is here. The body then has no deadline: its reader owns it. */
  readonly headTimeoutMs?: number
  /** A tar to send. Errors of the source fail the request. Always goes as `isBulk`. */
  readonly upload?: Upload
  /** The answer is many bytes, like a tar. */
  readonly isBulk?: boolean
}

export type BytesRequest = Pick<StreamRequest, 'path' | 'query' | 'signal' | 'headTimeoutMs'>

/** A connection that left HTTP behind: raw bytes both ways, and half-close (`end()`) upwards. */
export interface Hijacked {
  readonly stream: Duplex
  /** True when the engine multiplexes stdout and stderr in 8-byte-headed frames (no TTY). */
  readonly isMultiplexed: boolean
}

/**
 * One connected engine. Every failure is an AppError from `engine-error.ts`; no caller reads messages
 * or status codes.
 */
export interface EngineClient {
  readonly id: EngineId
  readonly facts: EngineFacts
  readonly features: EngineFeatures
  json<T>(request: JsonRequest): Promise<T>
  /** The body of a 2xx answer. Destroying it closes the connection. Back-pressure reaches the engine. */
  stream(request: StreamRequest): Promise<Readable>
  /**
   * The body of a large 2xx answer to a GET, at the least cost. Each piece is good only until the next one is asked
   * for. Leaving the loop closes the connection; a body that breaks off throws.
   */
  bytes(request: BytesRequest): Promise<AsyncIterable<Uint8Array>>
  hijack(request: StreamRequest): Promise<Hijacked>
}

/** Finds a connected engine. Throws `engine.unknown`, or why it is not reachable now. */
export type EngineOf = (id: EngineId) => EngineClient

/** Encodes what a person or an engine named, for use in a path. */
export const pathPart = (text: string): string => encodeURIComponent(text)
