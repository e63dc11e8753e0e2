import type { Handlers, Input, StreamHandler, StreamName } from '../../../shared/contract'
import type { Uploaded } from '../../../shared/contract/uploads'
import { AppError } from '../../../shared/errors'
import { withSignal } from '../platform/with-signal'
import { Tickets, type TicketOptions } from './tickets'

type Brought = Input<'uploads.write'>
type Next = IteratorResult<Brought, unknown>
type UploadHandlers = Pick<Handlers, 'uploads.prepare' | 'uploads.write'>

/** All handlers, from those that know nothing of tickets. */
export function withUploads(handlers: Omit<Handlers, keyof UploadHandlers>): Handlers {
  const uploads = new Uploads()
  return {
    ...handlers,
    ...uploads.handlers,
    'images.load': uploads.into(handlers['images.load']),
    'files.upload': uploads.into(handlers['files.upload']),
  }
}

/** Joins what comes for a ticket with the stream in whose input the ticket stands. */
export class Uploads {
  readonly #tickets: Tickets<Meeting>

  constructor({ now }: Pick<TicketOptions<never>, 'now'> = {}) {
    this.#tickets = new Tickets({ now, isHeld: (meeting) => meeting.isHeld })
  }

  readonly handlers: UploadHandlers = {
    'uploads.prepare': () => ({ ticket: this.#tickets.issue(new Meeting()) }),
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
    // Before a byte is asked for: who guesses tickets holds nothing open.
    const meeting = this.#meeting(ticket)
    const items = input[Symbol.asyncIterator]()
    const first = await meeting.whileWaiting(items.next())
    // The ticket stays good: a browser whose request broke as it began asks once more.
    if (first.done) throw cutShort()
    const taken = meeting.bring(first, items)
    try {
      await withSignal(taken, signal)
    } finally {
      this.#tickets.drop(ticket)
    }
    yield { kind: 'taken' }
  }

  async *#joined(input: AsyncIterable<unknown>, signal: AbortSignal): AsyncGenerator {
    for await (const item of input)
      if (isUploaded(item)) yield* this.#bytes(item.ticket, signal)
      else yield item
  }

  async *#bytes(ticket: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const meeting = this.#meeting(ticket)
    meeting.want()
    try {
      yield* meeting.bytes(signal)
    } finally {
      this.#tickets.drop(ticket)
    }
  }

  #meeting(ticket: string): Meeting {
    const meeting = this.#tickets.at(ticket)
    if (!meeting) throw over()
    return meeting
  }
}

/** Where the bytes and the stream that wants them find each other. Either may be first, and waits for the other. */
class Meeting {
  #requests = 0
  #isBrought = false
  #isWanted = false
  readonly #given = promise<{ readonly first: Next; readonly rest: AsyncIterator<Brought> }>()
  readonly #left = promise<{ readonly isWhole: boolean }>()

  get isHeld(): boolean {
    return this.#requests > 0 || this.#isBrought || this.#isWanted
  }

  /** For a request that has brought nothing yet. */
  async whileWaiting(first: Promise<Next>): Promise<Next> {
    this.#requests++
    try {
      return await first
    } finally {
      this.#requests--
    }
  }

  /** One request may. Resolves when all was taken. */
  bring(first: Next, rest: AsyncIterator<Brought>): Promise<void> {
    if (this.#isBrought) throw over()
    this.#isBrought = true
    this.#given.resolve({ first, rest })
    return this.#left.value.then(({ isWhole }) => {
      if (!isWhole) throw new AppError('cancelled', 'Who wanted the upload has left')
    })
  }

  /** One stream may. */
  want(): void {
    if (this.#isWanted) throw over()
    this.#isWanted = true
  }

  /** What breaks off must not look like the end. */
  async *bytes(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    let isWhole = false
    // Also of a stream that ended without leaving its input.
    const onAbort = (): void => this.#left.resolve({ isWhole: false })
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      const { first, rest } = await withSignal(this.#given.value, signal)
      for (let next = first; !next.done; next = await withSignal(rest.next(), signal)) {
        isWhole = !(next.value instanceof Uint8Array)
        if (isWhole) return
        yield next.value as Uint8Array
      }
      throw cutShort()
    } finally {
      signal.removeEventListener('abort', onAbort)
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
