import type { Writable } from 'node:stream'
import { AppError } from '../../../shared/errors'

/** The bytes of a request's body. A piece is read before the next is asked for: its memory may be used again. */
export type Upload = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** So much is written at a time: small enough that a slow road is seen to take bytes. */
const chunkBytes = 256 * 1024

/** How one upload stands, for the deadline of its request. */
export class ChunkedUpload {
  /** The source is silent. It is the person's own, and they can cancel: no deadline runs meanwhile. */
  isWaiting = false
  #isStopped = false

  constructor(
    private readonly source: Upload,
    /** The road took bytes, or has them all. */
    private readonly onTaken: () => void,
  ) {}

  /** Nothing more is sent; the source is left at its next piece. */
  stop(): void {
    this.#isStopped = true
  }

  /**
   * Sends the source as a chunked body (RFC 9112, 7.1), at the road's pace. Rejects with the source's failure as an
   * AppError: half a tar is no tar. What breaks of the road its own events tell.
   */
  async sendTo(road: Writable): Promise<void> {
    try {
      this.isWaiting = true
      for await (const piece of this.source) {
        this.isWaiting = false
        for (let at = 0; at < piece.length && !this.#isStopped; at += chunkBytes) {
          await writeChunk(road, piece.subarray(at, at + chunkBytes))
          if (!this.#isStopped) this.onTaken()
        }
        if (this.#isStopped) return
        this.isWaiting = true
      }
    } catch (error) {
      throw sourceError(error)
    } finally {
      this.isWaiting = false
    }
    road.write('0\r\n\r\n')
    this.onTaken()
  }
}

function writeChunk(road: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    road.cork()
    road.write(`${bytes.length.toString(16)}\r\n`)
    road.write(bytes)
    road.write('\r\n', () => resolve())
    road.uncork()
  })
}

/** Why the source failed: its errno must not be read as the engine's. */
function sourceError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
  return new AppError('file.failed', `Reading the upload failed: ${reason}`, { facts: { reason }, cause })
}
