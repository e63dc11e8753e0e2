/** The reader of `GET /events`. It is never stalled by what is downstream of it. */
import type { Readable } from 'node:stream'
import { LineCutter } from './json-lines'

/** One event as the engine told it; fields that it left out are empty. */
export interface RawEvent {
  readonly type: string
  /** `start`, `exec_create: sh -c …`, `health_status: healthy` … */
  readonly action: string
  readonly id: string
  readonly attributes: Readonly<Record<string, string>>
  /** Engine's clock. 0 where it does not tell. */
  readonly atMs: number
}

export interface EventsReader {
  /** Called with at most `batchSize` events, outside of the reading itself. */
  readonly onEvents: (events: readonly RawEvent[]) => void
  /** Events were dropped: what was derived from them must be listed anew. */
  readonly onMissed: () => void
}

/**
 * The engine waits 100 ms per event for a reader whose buffer of 1,024 is full, which slows it for everybody,
 * and then drops silently. So every chunk is taken at once, and what piles up here is dropped with a word.
 */
const maxQueued = 10_000
const batchSize = 500

/**
 * Reads until the stream ends; resolves with why, or `undefined` at a clean EOF (a killed engine ends its
 * streams with one: ask the engine before believing it).
 */
export function readEvents(stream: Readable, reader: EventsReader, maxEvents = maxQueued): Promise<unknown> {
  const queue = new EventQueue(reader, maxEvents)
  const cutter = new LineCutter(
    (line) => queue.add(line),
    () => queue.miss(),
  )
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => cutter.push(chunk))
    stream.on('error', resolve)
    stream.on('end', () => {
      cutter.end()
      resolve(undefined)
    })
    stream.on('close', () => resolve(undefined))
  })
}

class EventQueue {
  #events: RawEvent[] = []
  #isMissing = false
  #isScheduled = false

  constructor(
    private readonly reader: EventsReader,
    private readonly limit: number,
  ) {}

  add(line: Buffer): void {
    const event = parseEvent(line)
    if (!event || this.#events.length >= this.limit) this.miss()
    else {
      this.#events.push(event)
      this.#schedule()
    }
  }

  miss(): void {
    this.#isMissing = true
    this.#schedule()
  }

  /** One batch per turn of the loop, so that reading goes on between them. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      const batch = this.#events.splice(0, batchSize)
      const hasMissed = this.#isMissing
      this.#isMissing = false
      if (this.#events.length > 0) this.#schedule()
      if (hasMissed) this.reader.onMissed()
      if (batch.length > 0) this.reader.onEvents(batch)
    })
  }
}

/** `undefined` for what is no event: an unreadable line may have been one, so it counts as missed. */
export function parseEvent(line: Buffer): RawEvent | undefined {
  let value: unknown
  try {
    value = JSON.parse(line.toString('utf8'))
  } catch {
    return undefined
  }
  if (!isObject(value)) return undefined
  const actor = isObject(value['Actor']) ? value['Actor'] : {}
  return {
    type: text(value['Type']) || 'container',
    action: text(value['Action']) || text(value['status']),
    id: text(actor['ID']) || text(value['id']),
    attributes: textPairs(actor['Attributes']),
    atMs: timeOf(value),
  }
}

function timeOf(event: Record<string, unknown>): number {
  const { timeNano, time } = event
  if (typeof timeNano === 'number' && timeNano > 0) return Math.floor(timeNano / 1e6)
  return typeof time === 'number' && time > 0 ? time * 1000 : 0
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** `fromEntries` defines keys, so that a label named `__proto__` is a label. */
function textPairs(value: unknown): Record<string, string> {
  if (!isObject(value)) return {}
  const known = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return Object.fromEntries(known)
}
