/**
 * Large bodies, either way, below node:http: it allocates anew for each 64 KiB and each chunk of what comes, and
 * writes what goes in three times the processor's time.
 */
import type { Duplex } from 'node:stream'
import type { AppError } from '../../../shared/errors'
import { ChunkedUpload, type Upload } from './chunked-upload'
import { withSignal } from '../platform/with-signal'
import type { Dial } from './engine'
import { cancelled, refusalError, silent, transportError } from './engine-error'
import { ResponseCutter } from './response-cutter'

export interface BulkRequest {
  readonly dial: Dial
  /** Default GET. */
  readonly method?: string | undefined
  /** For the person, in errors. */
  readonly address: string
  /** As sent: with version and query. */
  readonly target: string
  /** Without them: for the meaning of a refusal. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly upload?: Upload | undefined
  readonly signal?: AbortSignal | undefined
  /** The client of the engine was closed. */
  readonly closed: AbortSignal
  /** Until the answer's head. It starts anew whenever the engine takes bytes: a large upload may rightly last longer. */
  readonly timeoutMs: number
}

/** Each piece is good until the next is asked for: its bytes stand in the one kept buffer. */
export interface BulkBody extends AsyncIterable<Uint8Array> {
  /** Closes the connection, as leaving the loop does. */
  close(): void
}

const refusalTimeoutMs = 5_000
const maxRefusalBytes = 64 * 1024

/**
 * Resolves with the body of a 2xx answer as soon as its head is here, while an upload may still be going on. Rejects
 * with an AppError: refusal, transport, deadline, cancel, or a source that failed; so does the reading of a body that
 * breaks off. Leaving the loop early closes the connection.
 */
export async function bulkExchange(asked: BulkRequest): Promise<BulkBody> {
  const body = new Exchange(asked)
  try {
    const { status } = await body.head(asked.timeoutMs)
    if (status < 400) return body
    const words = await body.text()
    throw refusalError({ method: asked.method ?? 'GET', path: asked.path, status, body: words })
  } catch (error) {
    body.close()
    throw transportError(error, asked.address)
  }
}

class Exchange implements BulkBody {
  readonly #asked: BulkRequest
  readonly #cutter = new ResponseCutter()
  readonly #dialling = new AbortController()
  #socket: Duplex | undefined
  #upload: ChunkedUpload | undefined
  /** What came and was not yet taken. Until it is, the connection is not read. */
  #piece: Buffer | undefined
  #error: AppError | undefined
  #wake: () => void = () => undefined

  constructor(asked: BulkRequest) {
    this.#asked = asked
    asked.signal?.addEventListener('abort', this.#onAbort)
    asked.closed.addEventListener('abort', this.#onClosed)
    if (asked.signal?.aborted) this.#onAbort()
  }

  async head(timeoutMs: number): Promise<{ readonly status: number }> {
    const deadline = setTimeout(() => {
      if (this.#upload?.isWaiting === true) deadline.refresh()
      else this.#fail(silent(this.#asked.address, timeoutMs))
    }, timeoutMs)
    try {
      await this.#dial()
      this.#send(() => this.#cutter.head ?? deadline.refresh())
      await this.#until(() => this.#cutter.head !== undefined)
      return this.#cutter.head ?? { status: 0 }
    } finally {
      clearTimeout(deadline)
    }
  }

  /** The words of a refusal, cut where they are too long or too slow. Who refuses wants no more of an upload. */
  async text(): Promise<string> {
    this.#upload?.stop()
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
    const { signal } = this.#dialling
    const dialled = this.#asked.dial(signal, 'bulk', this.#take)
    try {
      this.#socket = await withSignal(dialled, signal)
    } catch (error) {
      // A road that does not mind the signal comes late, and nobody wants it then.
      void dialled.then(
        (late) => late.destroy(),
        () => undefined,
      )
      throw this.#error ?? error
    }
    const socket = this.#socket
    // A road that reads in its own way has no kept buffer.
    socket.on('data', (chunk: Buffer) => void (this.#take(chunk) || socket.pause()))
    socket.on('error', (error) => this.#fail(transportError(error, this.#asked.address)))
    const onEnd = (): void => this.#fail(this.#broken())
    socket.on('end', onEnd)
    socket.on('close', onEnd)
    if (this.#error) socket.destroy()
  }

  #send(onTaken: () => void): void {
    const { method = 'GET', target, headers = {}, upload } = this.#asked
    const socket = this.#socket
    if (!socket || this.#error) return
    const lines = Object.entries({ host: 'docker', connection: 'close', ...headers })
    if (upload) lines.push(['transfer-encoding', 'chunked'])
    socket.write(
      `${method} ${target} HTTP/1.1\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}\r\n`,
    )
    if (!upload) return
    this.#upload = new ChunkedUpload(upload, onTaken)
    this.#upload.sendTo(socket).catch((error: AppError) => this.#fail(error))
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
    this.#upload?.stop()
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
