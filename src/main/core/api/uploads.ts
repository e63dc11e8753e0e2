import { randomBytes } from 'node:crypto'
import type { Handlers, Input, StreamHandler, StreamName } from '../../../shared/contract'
import type { Uploaded } from '../../../shared/contract/uploads'
import { AppError } from '../../../shared/errors'
import { timeLimit } from '../platform/time-limit'
import { withSignal } from '../platform/with-signal'

type Brought = Input<'uploads.write'>
type Next = IteratorResult<Brought, unknown>

/** Long enough for a browser to begin, too short for a ticket that leaked to be worth anything. */
const goodForMs = 60_000
/** Nobody prepares this many at once; the oldest makes room. */
const maxTickets = 100

type UploadHandlers = Pick<Handlers, 'uploads.prepare' | 'uploads.write'>

/** All handlers, from those that know nothing of tickets. */
export function withUploads(
  handlers: Omit<Handlers, keyof UploadHandlers>,
  uploads = new Uploads(),
): Handlers {
  return {
    ...handlers,
    ...uploads.handlers,
    'images.load': uploads.into(handlers['images.load']),
    'files.upload': uploads.into(handlers['files.upload']),
  }
}

/** Joins what comes for a ticket with the stream in whose input the ticket stands. */
export class Uploads {
  readonly #meetings = new Map<string, Meeting>()

  /** `now` in milliseconds; a test passes its own clock. */
  constructor(private readonly now: () => number = Date.now) {}

  readonly handlers: UploadHandlers = {
    'uploads.prepare': () => {
      for (const [ticket, meeting] of this.#meetings)
        if (!this.#isGood(meeting) || this.#meetings.size >= maxTickets) this.#meetings.delete(ticket)
      const ticket = randomBytes(24).toString('base64url')
      this.#meetings.set(ticket, new Meeting(this.now() + goodForMs))
      return { ticket }
    },
    'uploads.write': ({ ticket }, { input, signal }) => this.#write(ticket, input, signal),
  }

  /** The handler, which gets the bytes of uploads in place of their tickets. */
  into<N extends StreamName>(handler: StreamHandler<N>): StreamHandler<N> {
    return (args, { input, signal }) =>
      handler(args, { signal, input: this.#joined(input, signal) as typeof input })
  }

  async *#write(
    ticket: string,
    input: AsyncIterable<Brought>,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly kind: 'taken' }> {
    const items = input[Symbol.asyncIterator]()
    const first = await items.next()
    // The ticket stays good: a browser whose request broke as it began asks once more.
    if (first.done) throw cutShort()
    const meeting = this.#meeting(ticket)
    if (meeting.isBrought) throw over()
    try {
      await withSignal(meeting.bring(first, items), signal)
    } finally {
      this.#meetings.delete(ticket)
    }
    yield { kind: 'taken' }
  }

  async *#joined(input: AsyncIterable<unknown>, signal: AbortSignal): AsyncGenerator {
    for await (const item of input)
      if (isUploaded(item)) yield* this.#meeting(item.ticket).bytes(signal)
      else yield item
  }

  #meeting(ticket: string): Meeting {
    const meeting = this.#meetings.get(ticket)
    if (!meeting || !this.#isGood(meeting)) throw over()
    return meeting
  }

  #isGood({ isBrought, untilMs }: Meeting): boolean {
    return isBrought || untilMs > this.now()
  }
}

/** Where the bytes and the stream that wants them find each other. Either may be first. */
class Meeting {
  isBrought = false
  #isWanted = false
  readonly #given = promise<{ readonly first: Next; readonly rest: AsyncIterator<Brought> }>()
  readonly #left = promise<{ readonly isWhole: boolean }>()

  constructor(readonly untilMs: number) {}

  /** Resolves when all was taken. */
  async bring(first: Next, rest: AsyncIterator<Brought>): Promise<void> {
    this.isBrought = true
    this.#given.resolve({ first, rest })
    if (!(await this.#left.value).isWhole) throw new AppError('cancelled', 'Who wanted the upload has left')
  }

  /** What breaks off must not look like the end. */
  async *bytes(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (this.#isWanted) throw over()
    this.#isWanted = true
    let isWhole = false
    // Also of a stream that ended without leaving its input.
    signal.addEventListener('abort', () => this.#left.resolve({ isWhole: false }), { once: true })
    try {
      const { first, rest } = await withSignal(this.#given.value, timeLimit(signal, goodForMs))
      for (let next = first; !next.done; next = await withSignal(rest.next(), signal)) {
        isWhole = !(next.value instanceof Uint8Array)
        if (isWhole) return
        yield next.value as Uint8Array
      }
      throw cutShort()
    } finally {
      this.#left.resolve({ isWhole })
    }
  }
}

function promise<T>(): { readonly value: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const value = new Promise<T>((done) => (resolve = done))
  return { value, resolve }
}

const isUploaded = (item: unknown): item is Uploaded =>
  typeof item === 'object' && item !== null && 'kind' in item && item.kind === 'upload'

const over = (): AppError =>
  new AppError('object.not-found', 'That upload is over', { facts: { what: 'upload' } })
const cutShort = (): AppError => new AppError('stream.broken', 'The upload ended before the file did')
