/** Reads a large body below node:http, which allocates anew for each 64 KiB and each chunk of the body. */
import type { Duplex } from 'node:stream'
import type { AppError } from '../../../shared/errors'
import type { Dial } from './engine'
import { cancelled, refusalError, silent, transportError } from './engine-error'
import { ResponseCutter } from './response-cutter'

export interface BulkGet {
  readonly dial: Dial
  /** For the person, in errors. */
  readonly address: string
  /** As sent: with version and query. */
  readonly target: string
  /** Without them: for the meaning of a refusal. */
  readonly path: string
  readonly signal?: AbortSignal | undefined
  /** The client of the engine was closed. */
  readonly closed: AbortSignal
  /** Until the answer's head. */
  readonly timeoutMs: number
}

const refusalTimeoutMs = 5_000
const maxRefusalBytes = 64 * 1024

/**
 * Resolves with the body of a 2xx answer as soon as its head is here. Rejects with an AppError: refusal,
 * transport, deadline or cancel; so does the reading of a body that breaks off. Leaving the loop early closes
 * the connection. Each piece is good until the next is asked for: its bytes stand in the one kept buffer.
 */
export async function readBulk(asked: BulkGet): Promise<AsyncIterable<Uint8Array>> {
  const body = new BulkBody(asked)
  try {
    const { status } = await body.head(asked.timeoutMs)
    if (status < 400) return body
    const words = await body.text()
    throw refusalError({ method: 'GET', path: asked.path, status, body: words })
  } catch (error) {
    body.close()
    throw transportError(error, asked.address)
  }
}

class BulkBody implements AsyncIterable<Uint8Array> {
  readonly #asked: BulkGet
  readonly #cutter = new ResponseCutter()
  readonly #dialling = new AbortController()
  #socket: Duplex | undefined
  /** What came and was not yet taken. Until it is, the connection is not read. */
  #piece: Buffer | undefined
  #error: AppError | undefined
  #wake: () => void = () => undefined

  constructor(asked: BulkGet) {
    this.#asked = asked
    asked.signal?.addEventListener('abort', this.#onAbort)
    asked.closed.addEventListener('abort', this.#onClosed)
    if (asked.signal?.aborted) this.#onAbort()
  }

  async head(timeoutMs: number): Promise<{ readonly status: number }> {
    const deadline = setTimeout(() => this.#fail(silent(this.#asked.address, timeoutMs)), timeoutMs)
    try {
      await this.#dial()
      await this.#until(() => this.#cutter.head !== undefined)
      return this.#cutter.head ?? { status: 0 }
    } finally {
      clearTimeout(deadline)
    }
  }

  /** The words of a refusal, cut where they are too long or too slow. */
  async text(): Promise<string> {
    const limit = setTimeout(() => this.close(), refusalTimeoutMs)
    let text = ''
    try {
      for await (const piece of this) {
        text += Buffer.from(piece).toString('utf8')
        if (text.length >= maxRefusalBytes) break
      }
    } catch {
      // What came before the cut tells more than the cut.
    } finally {
      clearTimeout(limit)
    }
    return text
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        await this.#until(() => this.#piece !== undefined || this.#cutter.isComplete)
        if (!this.#piece) return
        yield this.#piece
        this.#piece = undefined
      }
    } finally {
      this.close()
    }
  }

  close(): void {
    this.#fail(cancelled())
  }

  async #dial(): Promise<void> {
    if (this.#error) throw this.#error
    try {
      this.#socket = await this.#asked.dial(this.#dialling.signal, 'bulk', this.#take)
    } catch (error) {
      throw this.#error ?? error
    }
    const socket = this.#socket
    // A road that reads in its own way has no kept buffer.
    socket.on('data', (chunk: Buffer) => void (this.#take(chunk) || socket.pause()))
    socket.on('error', (error) => this.#fail(transportError(error, this.#asked.address)))
    const onEnd = (): void => this.#fail(this.#broken())
    socket.on('end', onEnd)
    socket.on('close', onEnd)
    if (this.#error) return void socket.destroy()
    socket.write(`GET ${this.#asked.target} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n`)
  }

  /** Bytes that came. False when no more are wanted until the connection is resumed. */
  readonly #take = (bytes: Uint8Array): boolean => {
    try {
      const piece = this.#cutter.take(bytes as Buffer)
      if (piece.length > 0) this.#piece = piece
    } catch (error) {
      this.#fail(transportError(error, this.#asked.address))
    }
    this.#wake()
    return this.#piece === undefined
  }

  async #until(isReady: () => boolean): Promise<void> {
    while (!isReady()) {
      if (this.#error) throw this.#error
      const woken = new Promise<void>((resolve) => (this.#wake = resolve))
      this.#socket?.resume()
      await woken
    }
  }

  /** The first failure counts; the end of what is complete is none to its reader. */
  #fail(error: AppError): void {
    this.#error ??= error
    this.#asked.signal?.removeEventListener('abort', this.#onAbort)
    this.#asked.closed.removeEventListener('abort', this.#onClosed)
    this.#dialling.abort()
    this.#socket?.destroy()
    this.#wake()
  }

  readonly #onAbort = (): void => this.#fail(cancelled())
  readonly #onClosed = (): void => this.#fail(this.#broken())
  readonly #broken = (): AppError => {
    const error = Object.assign(new Error('The connection ended before the answer did'), {
      code: 'ECONNRESET',
    })
    return transportError(error, this.#asked.address)
  }
}
