import type { ClientRequest } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { AppError } from '../../../shared/errors'

export interface Upload {
  readonly upload: Readable
  /** The exchange's timer until the answer's head: it starts anew whenever the engine takes bytes. */
  readonly deadline: NodeJS.Timeout
}

/**
 * Sends a source with back-pressure. The answer's deadline counts from the last bytes that the engine took,
 * as a large upload may rightly last longer. While the *source* is silent the deadline does not run: it is
 * the person's own, and they can cancel.
 */
export function sendUpload(outgoing: ClientRequest, { upload, deadline }: Upload): void {
  outgoing.on('drain', () => deadline.refresh())
  upload.on('data', () => deadline.refresh())
  const keepAlive = setInterval(() => {
    if (!outgoing.writableNeedDrain && !upload.readableEnded) deadline.refresh()
  }, 1_000)
  const stop = (): void => clearInterval(keepAlive)
  outgoing.once('response', stop)
  outgoing.once('close', stop)
  // A source that fails ends the request: half a tar is no tar.
  pipeline(upload, outgoing, stop)
}

/** Why the source failed, when it did: its errno must not be read as the engine's. */
export function sourceError(upload: Readable | undefined): AppError | undefined {
  const cause = upload?.errored
  if (!cause) return undefined
  if (cause instanceof AppError) return cause
  const reason = (cause as NodeJS.ErrnoException).code ?? cause.message
  return new AppError('file.failed', `Reading the upload failed: ${reason}`, { facts: { reason }, cause })
}
