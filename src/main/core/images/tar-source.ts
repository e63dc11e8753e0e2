import { open, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { AppError } from '../../../shared/errors'

const pieceBytes = 1024 * 1024

/**
 * Where a tar comes from. Its bytes can be read once; to leave them ends the source. A piece is good until the next
 * is asked for.
 */
export interface TarSource {
  /** Throws `file.failed`. */
  readonly size: () => Promise<number | undefined>
  readonly bytes: () => AsyncIterable<Uint8Array>
}

/** What a client sends. One that left in the middle must not look like the end. */
export const sentTar = (
  input: AsyncIterable<Uint8Array | { readonly end: true }>,
  sizeBytes: number | undefined,
): TarSource => ({
  size: () => Promise.resolve(sizeBytes),
  async *bytes() {
    for await (const item of input) {
      if (!(item instanceof Uint8Array)) return
      yield item
    }
    throw new AppError('cancelled', 'The upload ended before the file did')
  },
})

/** A file of this computer, read here: no byte of it goes through a window. */
export const fileTar = (path: string): TarSource => ({
  size: async () => {
    const failed = (reason: string, cause?: unknown): AppError =>
      new AppError('file.failed', `Cannot read ${path}: ${reason}`, { facts: { path, reason }, cause })
    if (!isAbsolute(path)) throw failed('not-absolute')
    const facts = await stat(path).catch((cause: NodeJS.ErrnoException) => {
      throw failed(cause.code ?? 'unknown', cause)
    })
    // A pipe or a device may never end.
    if (!facts.isFile()) throw failed('not-a-file')
    return facts.size
  },
  async *bytes() {
    const file = await open(path)
    try {
      // One buffer for all pieces: new memory for each costs a tenth of a load's time.
      const piece = Buffer.allocUnsafeSlow(pieceBytes)
      for (;;) {
        const { bytesRead } = await file.read(piece, 0, piece.length, null)
        if (bytesRead === 0) return
        yield piece.subarray(0, bytesRead)
      }
    } finally {
      await file.close()
    }
  },
})
