import type { ClientStream } from '../../shared/contract'
import type { Uploaded } from '../../shared/contract/uploads'
import { AppError, isCode } from '../../shared/errors'
import { call } from '.'
import { isDesktop } from './desktop'
import { piecesOf } from './file-pieces'

/** What is smaller is there before a request of its own would be. */
const largeBytes = 1024 * 1024
/** Chromium breaks off what is being opened when a network interface of the host comes or goes. */
const attempts = 3

type TakesFile = Pick<ClientStream<unknown, Uint8Array | Uploaded>, 'send'>

/**
 * Sends a file's bytes into a stream, as fast as core takes them. Rejects with `file.failed` when the file can no
 * longer be read.
 */
export async function sendFile(stream: TakesFile, file: File, signal?: AbortSignal): Promise<void> {
  try {
    if (isDesktop() || file.size < largeBytes)
      for await (const piece of piecesOf(file)) await stream.send(piece)
    else await post(stream, file, signal)
  } catch (error) {
    // The browser's own words for it: removed, changed, or forbidden since it was chosen.
    if (error instanceof DOMException && error.name.startsWith('Not')) throw unreadable(file, error)
    throw error
  }
}

/** A browser sends a file several times as fast as a request's body as through its WebSocket. */
async function post(stream: TakesFile, file: File, signal: AbortSignal | undefined): Promise<void> {
  const { ticket } = await call('uploads.prepare', {}, signal)
  await stream.send({ kind: 'upload', ticket })
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await fetch(`/upload/${ticket}`, { method: 'POST', body: file, signal: signal ?? null })
      // Who wanted it has ended, and tells why in its own stream.
      if (answer.ok || answer.status === 409) return
      throw new AppError('stream.broken', `The file was not taken: ${answer.status}`)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      await file.slice(0, 1).arrayBuffer()
      if (attempt === attempts)
        throw new AppError('stream.broken', 'The file did not get through', { cause: error })
    }
  }
}

const unreadable = ({ name }: File, cause: DOMException): AppError =>
  new AppError('file.failed', `${name} can no longer be read`, {
    facts: { path: name, reason: cause.name },
    cause,
  })

/**
 * What comes down a stream once all was sent up. A failure of either ends the other; the first is told, but that of the
 * file says more than what came of it.
 */
export async function afterSending<T>(
  stream: Pick<ClientStream<unknown>, 'cancel'>,
  answer: Promise<T>,
  send: (signal: AbortSignal) => Promise<void>,
): Promise<T> {
  const ended = new AbortController()
  const failures: unknown[] = []
  const sending = send(ended.signal).catch((error: unknown) => {
    failures.push(error)
    stream.cancel()
  })
  answer.catch((error: unknown) => {
    failures.push(error)
    ended.abort()
  })
  await Promise.allSettled([answer, sending])
  if (failures.length > 0) throw failures.find((error) => isCode(error, 'file.failed')) ?? failures[0]
  return answer
}
