import type { Readable } from 'node:stream'
import { AppError } from '../../../shared/errors'

/** Longer than any line an engine rightly sends: a 100 KB label in an event is far below. */
const maxLineBytes = 16 * 1024 * 1024

/** Cuts a byte stream at newlines. Bytes of a line are copied once, when it is complete and was split. */
export class LineCutter {
  #kept: Buffer[] = []
  #keptBytes = 0
  #isSkipping = false

  constructor(
    private readonly onLine: (line: Buffer) => void,
    /** A line longer than the limit is left out; this says so. */
    private readonly onTooLong: () => void,
    private readonly limitBytes = maxLineBytes,
  ) {}

  push(chunk: Buffer): void {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, at))
      this.#finishLine()
      from = at + 1
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from))
  }

  /** The source has ended: what has no newline is a line too. */
  end(): void {
    if (this.#keptBytes > 0 || this.#isSkipping) this.#finishLine()
  }

  #keep(bytes: Buffer): void {
    if (this.#isSkipping) return
    this.#kept.push(bytes)
    this.#keptBytes += bytes.length
    if (this.#keptBytes <= this.limitBytes) return
    this.#isSkipping = true
    this.#kept = []
    this.#keptBytes = 0
  }

  #finishLine(): void {
    const line = this.#kept.length === 1 ? (this.#kept[0] as Buffer) : Buffer.concat(this.#kept)
    const isTooLong = this.#isSkipping
    this.#kept = []
    this.#keptBytes = 0
    this.#isSkipping = false
    if (isTooLong) this.onTooLong()
    else if (line.length > 0) this.onLine(line)
  }
}

/**
 * The JSON values of a stream of lines (pull progress, build output). Pulls: a slow reader slows the engine.
 * Ends when the stream ends; destroys it when the reader leaves or `signal` aborts. Throws
 * `engine.bad-answer` at a line that is not JSON.
 */
export async function* readJsonLines(stream: Readable, signal?: AbortSignal): AsyncGenerator<unknown> {
  const values: unknown[] = []
  const cutter = new LineCutter(
    (line) => {
      const text = line.toString('utf8').trim()
      if (text) values.push(parseLine(text))
    },
    () => {
      throw new AppError('engine.bad-answer', 'The engine sent a line that is too long')
    },
  )
  const stop = (): void => void stream.destroy(new AppError('cancelled', 'Cancelled'))
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    for await (const chunk of stream) {
      cutter.push(chunk as Buffer)
      yield* values.splice(0)
    }
    cutter.end()
    yield* values
  } finally {
    signal?.removeEventListener('abort', stop)
    stream.destroy()
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new AppError('engine.bad-answer', 'The engine sent a line that is not JSON', { cause })
  }
}
