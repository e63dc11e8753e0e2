import type { ClientStream } from '../../shared/contract'
import type { Uploaded } from '../../shared/contract/uploads'
import { AppError, isCode, type ErrorCode } from '../../shared/errors'
import { getClient } from './connection'
import { isDesktop } from './desktop'
import { piecesOf } from './file-pieces'

/** What is smaller is there before a request of its own would be. */
const largeBytes = 1024 * 1024
/** A browser has six connections to one origin, for all its tabs and downloads: what is held must leave some. */
const maxRequests = 2
let requests = 0
/** Chromium breaks off what is being opened when a network interface of the host comes or goes. */
const attempts = 3

type TakesFile = Pick<ClientStream<unknown, Uint8Array | Uploaded>, 'send'>

/**
 * Sends a file's bytes into a stream, as fast as core takes them. Rejects with `file.failed` when the file can no
 * longer be read.
 */
export async function sendFile(stream: TakesFile, file: File, signal?: AbortSignal): Promise<void> {
  try {
    if (isDesktop() || file.size < largeBytes || requests >= maxRequests)
      for await (const piece of piecesOf(file)) await stream.send(piece)
    else await post(stream, file, signal)
  } catch (error) {
    // The browser's own words for it: removed, changed, or forbidden since it was chosen.
    if (error instanceof DOMException && error.name.startsWith('Not')) throw unreadable(file, error)
    throw error
  }
}

/** A browser sends a file more than twice as fast as a request's body as through its WebSocket. */
async function post(stream: TakesFile, file: File, signal: AbortSignal | undefined): Promise<void> {
  requests++
  try {
    const { ticket } = await getClient().call('uploads.prepare', {}, signal)
    await stream.send({ kind: 'upload', ticket })
    await request(`/upload/${ticket}`, file, signal)
  } finally {
    requests--
  }
}

async function request(path: string, body: File, signal: AbortSignal | undefined): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await fetch(path, { method: 'POST', body, signal: signal ?? null })
      // Who wanted it has ended, and tells why in its own stream.
      if (answer.ok || answer.status === 409) return
      throw new AppError('stream.broken', `The file was not taken: ${answer.status}`)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      await body.slice(0, 1).arrayBuffer()
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

/** The one item of a stream that answers once. Rejects with `cancelled` when it ends without. */
export async function answerOf<T>(stream: AsyncIterable<T>): Promise<T> {
  for await (const item of stream) return item
  throw new AppError('cancelled', 'The stream ended without an answer')
}

/**
 * What comes down a stream to which all is sent up meanwhile. A failure of either ends the other; the first is told,
 * but that of the file, or of the whole connection, says more than what came of it.
 */
export async function afterSending<T>(
  stream: Pick<ClientStream<unknown>, 'cancel'>,
  answer: Promise<T>,
  send: (signal: AbortSignal) => Promise<void>,
): Promise<T> {
  const answered = new AbortController()
  const failures: unknown[] = []
  const sending = send(answered.signal).catch((error: unknown) => {
    failures.push(error)
    stream.cancel()
  })
  const noted = answer.catch((error: unknown) => void failures.push(error))
  // Whatever it is, it is the end: core may have had enough before the file's end.
  await noted.then(() => answered.abort())
  await sending
  const says = (code: ErrorCode): unknown => failures.find((error) => isCode(error, code))
  return answer.catch((error: unknown) => {
    throw says('file.failed') ?? says('core.gone') ?? failures[0] ?? error
  })
}
