import type { Readable } from 'node:stream'
import { AppError, isCode } from '../../../shared/errors'
import type { Progress, TaskPart } from '../../../shared/model'
import type { EngineClient } from '../engine/engine'
import { progressError } from '../engine/engine-error'
import { readJsonLines } from '../engine/json-lines'
import { readMessage, type StreamMessage } from './stream-message'
import type { TarSource } from './tar-source'

/** The engine walks all layers before the first byte. */
const headDeadlineMs = 300_000
const tellEveryMs = 100

/**
 * A tar of images, as `docker save` makes it. The caller reads it at its own pace, and leaves it to stop. A piece is
 * good until the next is asked for. One that broke off throws.
 */
export async function saveImages(
  engine: EngineClient,
  references: readonly string[],
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const names = references.map((reference) => `names=${encodeURIComponent(reference)}`).join('&')
  const bytes = await engine.bytes({
    path: `/images/get?${names}`,
    headTimeoutMs: headDeadlineMs,
    ...(signal && { signal }),
  })
  return wholeTar(bytes)
}

/** A tar ends in zeros, of which even the shortest writer makes a block. */
const tarBlockBytes = 512
/** Room for the words of an engine that failed. */
const tailBytes = 4096

/** An engine that fails on the way ends its answer in order, with its words in place of the archive's end. */
async function* wholeTar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let tail = Buffer.alloc(0)
  for await (const piece of bytes) {
    const last = piece.subarray(-tailBytes)
    tail = last.length === tailBytes ? Buffer.from(last) : Buffer.concat([tail, last]).subarray(-tailBytes)
    yield piece
  }
  const end = tail.subarray(-tarBlockBytes)
  if (end.length < tarBlockBytes || end.some((byte) => byte !== 0)) throw brokenTar(tail.toString('utf8'))
}

function brokenTar(tail: string): AppError {
  const words = /\{"error.*\}\s*$/.exec(tail)?.[0]
  const fallback = new AppError('engine.unreachable', 'The engine ended the archive before its end')
  if (words === undefined) return fallback
  try {
    return progressError(JSON.parse(words), 'file') ?? fallback
  } catch {
    return fallback
  }
}

export interface LoadOptions {
  /** The file's name, for the person. */
  readonly name: string
  readonly tar: TarSource
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** Sends a tar up and answers what the engine made of it: references, or ids of images without a name. */
export async function loadImages(engine: EngineClient, options: LoadOptions): Promise<string[]> {
  const { signal, tar } = options
  const totalBytes = await tar.size()
  if (totalBytes !== undefined) options.progress({ totalBytes })
  try {
    const answer = await engine.stream({
      method: 'POST',
      path: '/images/load',
      query: { quiet: false },
      headers: { 'Content-Type': 'application/x-tar' },
      upload: counted(tar, options),
      headTimeoutMs: headDeadlineMs,
      signal,
    })
    return await readLoad(answer, options)
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled', { cause: error })
    throw asDamaged(error, options.name)
  }
}

/** The bytes of the tar, telling how many they are. */
async function* counted(tar: TarSource, { progress }: LoadOptions): AsyncGenerator<Uint8Array> {
  let doneBytes = 0
  let toldAtMs = 0
  for await (const piece of tar.bytes()) {
    yield piece
    doneBytes += piece.byteLength
    if (performance.now() - toldAtMs < tellEveryMs) continue
    toldAtMs = performance.now()
    progress({ doneBytes })
  }
  progress({ doneBytes, totalBytes: doneBytes })
}

const loaded = /^Loaded image(?: ID)?: (\S+)/

async function readLoad(answer: Readable, { signal, progress, name }: LoadOptions): Promise<string[]> {
  const references: string[] = []
  let toldAtMs = 0
  for await (const value of readJsonLines(answer, signal)) {
    const failure = progressError(value, 'file')
    if (failure) throw failure
    const message = readMessage(value)
    const reference = loaded.exec(message?.stream ?? '')?.[1]
    if (reference !== undefined) references.push(reference)
    const part = message && partOf(message)
    if (!part || performance.now() - toldAtMs < tellEveryMs) continue
    toldAtMs = performance.now()
    progress({ parts: [part] })
  }
  // A killed engine ends its answers cleanly: without a name of what was loaded nothing was.
  if (references.length === 0) {
    throw new AppError('engine.unreachable', `The engine went away while loading ${name}`, {
      facts: { name },
    })
  }
  return references
}

function partOf({ id, status, progressDetail }: StreamMessage): TaskPart | undefined {
  if (id === undefined) return undefined
  const { current, total } = progressDetail ?? {}
  return {
    id,
    status: status ?? '',
    ...(current !== undefined && { doneBytes: current }),
    ...(total !== undefined && { totalBytes: total }),
  }
}

/** While it unpacks a tar the engine blames whatever file it tripped over: to the person the tar is wrong. */
function asDamaged(error: unknown, name: string): unknown {
  if (!isCode(error, 'image.damaged', 'engine.failed', 'registry.unreachable', 'request.invalid'))
    return error
  const detail = typeof error.facts.detail === 'string' ? error.facts.detail : ''
  return new AppError(
    'image.damaged',
    `${name} is not an image archive that the engine can read: ${detail}`,
    {
      facts: { name, detail },
      cause: error,
    },
  )
}
