import type {
  Args,
  CallName,
  Client,
  Item,
  PushName,
  Pushes,
  Reply,
  StreamName,
} from '../../src/shared/contract'
import { AppError } from '../../src/shared/errors'

type Answers = { [N in CallName]?: (args: Args<N>, signal?: AbortSignal) => Reply<N> | Promise<Reply<N>> }

/** One stream that the window opened: the test sends items down it and reads what came up. */
export class FakeStream implements AsyncIterable<unknown> {
  readonly sent: unknown[] = []
  isCancelled = false
  #items: unknown[] = []
  #wake: (() => void) | undefined
  #isEnded = false

  constructor(
    readonly name: StreamName,
    readonly args: unknown,
  ) {}

  put(...items: unknown[]): void {
    this.#items.push(...items)
    this.#wake?.()
  }

  end(): void {
    this.#isEnded = true
    this.#wake?.()
  }

  send(input: unknown): Promise<void> {
    this.sent.push(input)
    return Promise.resolve()
  }

  cancel(): void {
    this.isCancelled = true
    this.end()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    try {
      for (;;) {
        while (this.#items.length > 0) yield this.#items.shift()
        if (this.#isEnded) return
        await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      this.isCancelled = true
    }
  }
}

/** A core of a few answers: what is asked without an answer fails with `engine.unsupported`. */
export class FakeClient {
  readonly calls: { readonly name: CallName; readonly args: unknown }[] = []
  readonly streams: FakeStream[] = []
  readonly #pushes = new Map<PushName, Set<(value: never) => void>>()
  readonly #closes = new Set<() => void>()

  constructor(readonly answers: Answers = {}) {}

  readonly client: Client = {
    call: (name, args, signal) => this.#call(name, args, signal),
    stream: (name, args) => {
      const stream = new FakeStream(name, args)
      this.streams.push(stream)
      return stream as never
    },
    onPush: (name, listener) => {
      const listeners = this.#pushes.get(name) ?? new Set()
      this.#pushes.set(name, listeners.add(listener))
      return () => void listeners.delete(listener)
    },
    onClose: (listener) => {
      this.#closes.add(listener)
      return () => void this.#closes.delete(listener)
    },
    close: () => this.close(),
  }

  async #call<N extends CallName>(name: N, args: Args<N>, signal?: AbortSignal): Promise<Reply<N>> {
    this.calls.push({ name, args })
    const answer = this.answers[name]
    await Promise.resolve()
    if (!answer) throw new AppError('engine.unsupported', `The fake core has no ${name}`)
    return answer(args, signal)
  }

  /** The newest open stream of that name. */
  stream<N extends StreamName>(name: N): FakeStream & { put(...items: Item<N>[]): void } {
    const found = this.streams.findLast((stream) => stream.name === name)
    if (!found) throw new Error(`No ${name} is open`)
    return found
  }

  asked(name: CallName): unknown[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.args)
  }

  push<P extends PushName>(name: P, value: Pushes[P]): void {
    for (const listener of this.#pushes.get(name) ?? []) listener(value as never)
  }

  close(): void {
    for (const stream of this.streams) stream.end()
    for (const listener of [...this.#closes]) listener()
  }
}
