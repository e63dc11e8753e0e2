import { AppError } from '../../../shared/errors'

export interface ResponseHead {
  readonly status: number
  /** Names in small letters. */
  readonly headers: ReadonlyMap<string, string>
}

type Part = 'status' | 'header' | 'body' | 'chunk-size' | 'chunk-end' | 'trailer' | 'end'

/** Head lines and chunk lines of any engine are far shorter; what is longer is no HTTP. */
const maxLineLength = 64 * 1024
const maxHeaders = 200

/**
 * Reads one HTTP/1.1 response (RFC 9112) out of the bytes of a connection, in whatever pieces they come. It
 * makes nothing anew: the body's bytes of a piece are moved together at the piece's own start.
 */
export class ResponseCutter {
  #part: Part = 'status'
  #line = ''
  /** Of the body, or of its current chunk. */
  #leftBytes = 0
  #isChunked = false
  #status = 0
  readonly #headers = new Map<string, string>()

  /** As soon as all of it is here. */
  get head(): ResponseHead | undefined {
    const isReading = this.#part === 'status' || this.#part === 'header'
    return isReading ? undefined : { status: this.#status, headers: this.#headers }
  }

  get isComplete(): boolean {
    return this.#part === 'end'
  }

  /** The body's bytes in this piece, which is changed. Throws `engine.bad-answer` at what is no HTTP. */
  take(piece: Buffer): Buffer {
    let from = 0
    let to = 0
    while (from < piece.length && this.#part !== 'end') {
      if (this.#part === 'body') {
        const bytes = Math.min(this.#leftBytes, piece.length - from)
        piece.copyWithin(to, from, from + bytes)
        to += bytes
        from += bytes
        this.#leftBytes -= bytes
        if (this.#leftBytes === 0) this.#part = this.#isChunked ? 'chunk-end' : 'end'
      } else from = this.#readLine(piece, from)
    }
    return piece.subarray(0, to)
  }

  #readLine(piece: Buffer, from: number): number {
    const newline = piece.indexOf(10, from)
    const end = newline < 0 ? piece.length : newline
    this.#line += piece.toString('latin1', from, end)
    if (this.#line.length > maxLineLength) throw noHttp('a line without an end')
    if (newline < 0) return end
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line
    this.#line = ''
    this.#part = this.#after(line)
    return end + 1
  }

  /** What follows a whole line. */
  #after(line: string): Part {
    switch (this.#part) {
      case 'status':
        return this.#readStatus(line)
      case 'header':
        return line === '' ? this.#beginBody() : this.#readHeader(line)
      case 'chunk-size':
        return this.#beginChunk(line)
      case 'chunk-end':
        if (line !== '') throw noHttp('a chunk longer than it said')
        return 'chunk-size'
      default:
        return line === '' ? 'end' : 'trailer'
    }
  }

  #readStatus(line: string): Part {
    const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(line)?.[1]
    if (status === undefined) throw noHttp('another first line')
    this.#status = Number(status)
    return 'header'
  }

  #readHeader(line: string): Part {
    const colon = line.indexOf(':')
    if (colon <= 0 || this.#headers.size >= maxHeaders) throw noHttp('a wrong header')
    this.#headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
    return 'header'
  }

  #beginBody(): Part {
    // An interim answer (100 to 199) is followed by the real one.
    if (this.#status < 200) {
      this.#headers.clear()
      return 'status'
    }
    this.#isChunked = this.#headers.get('transfer-encoding')?.toLowerCase() === 'chunked'
    if (this.#isChunked) return 'chunk-size'
    const length = this.#headers.get('content-length')
    // A body that ends with the connection ends as a killed engine ends it: nobody could tell half from whole.
    if (this.#status !== 204 && (length === undefined || !/^\d{1,15}$/.test(length)))
      throw noHttp('a body of unknown length')
    this.#leftBytes = Number(length ?? 0)
    return this.#leftBytes === 0 ? 'end' : 'body'
  }

  #beginChunk(line: string): Part {
    const size = /^([\da-f]{1,12})\s*(?:;|$)/i.exec(line)?.[1]
    if (size === undefined) throw noHttp('a chunk without a size')
    this.#leftBytes = parseInt(size, 16)
    return this.#leftBytes === 0 ? 'trailer' : 'body'
  }
}

const noHttp = (what: string): AppError => new AppError('engine.bad-answer', `The engine sent ${what}`)
