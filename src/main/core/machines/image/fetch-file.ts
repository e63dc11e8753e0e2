import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { AppError, isCode } from '../../../../shared/errors'
import { log } from '../../platform/log'
import { timeLimit } from '../../platform/time-limit'
import { pause } from '../../platform/wait-for'

export interface FetchFile {
  readonly url: string
  readonly path: string
  readonly sizeBytes: number
  readonly sha256: string
}

export interface FetchMore {
  readonly signal: AbortSignal
  /** How much of the file is here. */
  readonly onBytes: (doneBytes: number) => void
  /** How long nothing may come. Default 30 s. */
  readonly stallMs?: number
  /** Before the next try; doubled each time. Default 1 s. */
  readonly pauseMs?: number
}

const tries = 6

/**
 * Fetches a file of known size and sum. What is there already is not fetched again; a cut link goes on where
 * it was. Throws `machine.image-fetch`, or `image.damaged` when what came is not what was promised.
 */
export async function fetchFile(file: FetchFile, more: FetchMore): Promise<void> {
  const pauseMs = more.pauseMs ?? 1000
  for (let tried = 1; ; tried++) {
    try {
      await fetchRest(file, more)
      return await checkSum(file)
    } catch (error) {
      more.signal.throwIfAborted()
      if (tried >= tries || isCode(error, 'machine.image-damaged') || isFinal(error)) throw error
      log.warn('machines', 'image download was cut', { url: file.url, tried, error })
      await pause(pauseMs * 2 ** (tried - 1), more.signal)
    }
  }
}

/** What the next try would answer as well. */
const isFinal = (error: unknown): boolean =>
  isCode(error, 'machine.image-fetch') && error.facts['isFinal'] === true

async function fetchRest(file: FetchFile, more: FetchMore): Promise<void> {
  let doneBytes = await sizeOf(file.path)
  if (doneBytes > file.sizeBytes) {
    await rm(file.path)
    doneBytes = 0
  }
  more.onBytes(doneBytes)
  if (doneBytes === file.sizeBytes) return
  const stall = new Stall(more.stallMs ?? 30_000, more.signal)
  try {
    const response = await ask(file.url, doneBytes, stall.signal)
    // A server that knows no ranges begins anew.
    const isRest = response.status === 206
    const out = await open(file.path, isRest ? 'a' : 'w', 0o600)
    try {
      if (!isRest) doneBytes = 0
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        stall.restart()
        doneBytes += chunk.length
        if (doneBytes > file.sizeBytes) throw damaged(file, 'size')
        await out.write(chunk)
        more.onBytes(doneBytes)
      }
      await out.sync()
    } finally {
      await out.close()
    }
  } catch (cause) {
    more.signal.throwIfAborted()
    throw cause instanceof AppError
      ? cause
      : failed(file.url, stall.signal.aborted ? 'stalled' : reasonOf(cause), cause)
  } finally {
    stall.stop()
  }
  if (doneBytes < file.sizeBytes) throw failed(file.url, 'cut')
}

async function ask(url: string, fromByte: number, signal: AbortSignal): Promise<Response> {
  const headers = fromByte > 0 ? { range: `bytes=${fromByte}-` } : {}
  const response = await fetch(url, { headers, signal })
  if (response.ok && response.body) return response
  const isFinal =
    response.status >= 400 && response.status < 500 && ![408, 416, 429].includes(response.status)
  throw new AppError('machine.image-fetch', `${url} answered ${response.status}`, {
    facts: { url, reason: `HTTP ${response.status}`, isFinal },
  })
}

/** A small text of a server, whole. */
export async function fetchText(url: string, signal: AbortSignal, maxBytes = 1024 * 1024): Promise<Buffer> {
  try {
    const response = await ask(url, 0, timeLimit(signal, 30_000))
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size > maxBytes) throw failed(url, 'too big')
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (cause) {
    signal.throwIfAborted()
    throw cause instanceof AppError ? cause : failed(url, reasonOf(cause), cause)
  }
}

async function checkSum(file: FetchFile): Promise<void> {
  if ((await sha256Of(file.path)) === file.sha256) return
  // The next try starts from nothing: which part is wrong cannot be told.
  await rm(file.path, { force: true })
  throw damaged(file, 'checksum')
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** Aborts when nothing came for a while, or when `outer` does. */
class Stall {
  readonly #controller = new AbortController()
  #timer: NodeJS.Timeout

  readonly #follow = (): void => this.#controller.abort()

  constructor(
    private readonly limitMs: number,
    private readonly outer: AbortSignal,
  ) {
    this.#timer = this.#start()
    outer.addEventListener('abort', this.#follow, { once: true })
    if (outer.aborted) this.#follow()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  restart(): void {
    clearTimeout(this.#timer)
    this.#timer = this.#start()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.outer.removeEventListener('abort', this.#follow)
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(), this.limitMs)
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  if (!(inner instanceof Error)) return 'unknown'
  return (inner as NodeJS.ErrnoException).code ?? inner.message
}

const failed = (url: string, reason: string, cause?: unknown): AppError =>
  new AppError('machine.image-fetch', `The machine image could not be downloaded: ${reason}`, {
    facts: { url, reason },
    cause,
  })

const damaged = (file: FetchFile, reason: string): AppError =>
  new AppError('machine.image-damaged', 'What was downloaded is not the machine image that was promised', {
    facts: { url: file.url, reason },
  })
