/** One HTTP request over a dialled connection: until the answer's head, with a deadline. */
import { setMaxListeners } from 'node:events'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AppError } from '../../../shared/errors'
import type { DialAgent } from './dial-agent'
import { cancelled, refusalError, silent, transportError } from './engine-error'

export interface Exchange {
  readonly agent: DialAgent
  /** For the person, in errors. */
  readonly address: string
  readonly method: string
  /** As sent: with version and query. */
  readonly target: string
  /** Without them: for the meaning of a refusal. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs: number
}

export interface Answer {
  readonly response: IncomingMessage
  /** Present when the engine left HTTP (101). */
  readonly upgraded?: { readonly socket: Duplex; readonly head: Buffer }
}

/** A refusal's words must not keep the caller waiting: an engine that dies while it tells them is cut off. */
const refusalTimeoutMs = 5_000
const maxRefusalBytes = 64 * 1024

/**
 * Resolves with the head of a 1xx-3xx answer. Rejects with an AppError: refusal, transport, deadline or
 * cancel. A reading request that met a connection which the engine had just closed is sent once more.
 */
export async function exchange(options: Exchange): Promise<Answer> {
  const sent = performance.now()
  try {
    return await attempt(options)
  } catch (error) {
    const left = options.timeoutMs - (performance.now() - sent)
    if (!(error instanceof StaleConnection) || left <= 0) throw unstale(error, options.address)
    // What one kept connection met, the others have met too.
    options.agent.dropIdle()
    return attempt({ ...options, timeoutMs: left }).catch((again: unknown) => {
      throw unstale(again, options.address)
    })
  }
}

/** The engine closed a kept connection just as we wrote: nothing was wrong with the request. */
class StaleConnection extends Error {}

const unstale = (error: unknown, address: string): AppError =>
  transportError(error instanceof StaleConnection ? error.cause : error, address)

async function attempt(options: Exchange): Promise<Answer> {
  const answer = await head(options)
  const { statusCode = 0 } = answer.response
  if (answer.upgraded || statusCode < 400) return answer
  const body = await readSome(answer.response)
  throw refusalError({ method: options.method, path: options.path, status: statusCode, body })
}

function head(options: Exchange): Promise<Answer> {
  const { signal, timeoutMs, address } = options
  if (signal?.aborted) return Promise.reject(cancelled())
  return new Promise<Answer>((resolve, reject) => {
    const { agent, method, target: path, headers } = options
    const outgoing = request({ agent, method, path, headers, host: 'docker' })
    // Told here and not by Node, which says nothing of a request that is still without a connection.
    const giveUp = (error: AppError): void => {
      settle()
      reject(error)
      outgoing.destroy(error)
    }
    const onAbort = (): void => giveUp(cancelled())
    const deadline = setTimeout(() => giveUp(silent(address, timeoutMs)), timeoutMs)
    const settle = (): void => {
      clearTimeout(deadline)
      signal?.removeEventListener('abort', onAbort)
    }
    // Many calls under one signal are no leak: each takes its listener away when it is answered.
    if (signal) setMaxListeners(0, signal)
    signal?.addEventListener('abort', onAbort, { once: true })
    outgoing.on('response', (response) => {
      settle()
      resolve({ response })
    })
    outgoing.on('upgrade', (response, socket, head) => {
      settle()
      resolve({ response, upgraded: { socket, head } })
    })
    const onFailure = (error: NodeJS.ErrnoException): void => {
      settle()
      reject(isStale(outgoing, options, error) ? new StaleConnection('stale', { cause: error }) : error)
    }
    outgoing.on('error', onFailure)
    // After an answer this changes nothing.
    outgoing.on('close', () => onFailure(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
    outgoing.end(options.body)
  })
}

function isStale(outgoing: ClientRequest, options: Exchange, error: NodeJS.ErrnoException): boolean {
  const isReading = options.method === 'GET' || options.method === 'HEAD'
  return isReading && outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

/** The words of a refusal, cut where they are too long or too slow. */
async function readSome(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  const limit = setTimeout(() => response.destroy(), refusalTimeoutMs)
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer)
      size += (chunk as Buffer).length
      if (size >= maxRefusalBytes) break
    }
  } catch {
    // What came before the cut tells more than the cut.
  } finally {
    clearTimeout(limit)
  }
  return Buffer.concat(chunks).toString('utf8')
}
