import { AppError } from '../errors'
import { Emitter } from '../std/emitter'
import { OpenStream } from './client-stream'
import type {
  Args,
  CallName,
  Client,
  ClientStream,
  Input,
  Item,
  Pushes,
  PushName,
  Reply,
  StreamName,
} from './index'
import type { ClientTransport, CoreMessage } from './wire'
import { initialCreditBytes } from './wire'

interface Request {
  readonly name: string
  readonly args: unknown
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * A client of core over any transport, in a browser or in Node. A cancelled call rejects at once with
 * `cancelled`, whatever core does about it. When the connection ends, all that is pending rejects with
 * `core.gone`, and so does everything asked for afterwards.
 */
export function createClient(transport: ClientTransport): Client {
  const peer = new ClientPeer(transport)
  return {
    call: <N extends CallName>(name: N, args: Args<N>, signal?: AbortSignal) =>
      peer.call({ name, args }, signal) as Promise<Reply<N>>,
    // The contract says which items and input a name has; the wire knows names only.
    stream: <N extends StreamName>(name: N, args: Args<N>) =>
      peer.open({ name, args }) as ClientStream<unknown, unknown> as ClientStream<Item<N>, Input<N>>,
    onPush: <P extends PushName>(name: P, listener: (value: Pushes[P]) => void) =>
      peer.onPush(name, listener as (value: unknown) => void),
    onClose: (listener) => peer.onClose(listener),
    close: () => transport.close(),
  }
}

class ClientPeer {
  readonly #transport: ClientTransport
  readonly #calls = new Map<number, Waiting>()
  readonly #streams = new Map<number, OpenStream>()
  readonly #pushes = new Map<string, Emitter<unknown>>()
  readonly #closed = new Emitter<void>()
  #isOpen = true
  #lastId = 0

  constructor(transport: ClientTransport) {
    this.#transport = transport
    transport.onMessage((message) => this.#receive(message))
    transport.onClose(() => this.#end())
  }

  call(request: Request, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(cancelled())
    if (!this.#isOpen) return Promise.reject(gone())
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#calls.delete(id)
        this.#transport.send({ t: 'cancel', id })
        reject(cancelled())
      }
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T): void => {
          signal?.removeEventListener('abort', cancel)
          this.#calls.delete(id)
          settle(value)
        }
      }
      const waiting = { resolve: settled(resolve), reject: settled(reject) }
      this.#calls.set(id, waiting)
      signal?.addEventListener('abort', cancel, { once: true })
      // A message that cannot travel (too large, not data) is the caller's error and ends nothing else.
      attempt(() => this.#transport.send({ t: 'call', id, ...request }), waiting.reject)
    })
  }

  open(request: Request): OpenStream {
    const id = ++this.#lastId
    const stream = new OpenStream({ id, transport: this.#transport, onEnd: () => this.#streams.delete(id) })
    if (!this.#isOpen) {
      stream.fail(gone())
      return stream
    }
    this.#streams.set(id, stream)
    attempt(
      () => this.#transport.send({ t: 'open', id, ...request, credit: initialCreditBytes }),
      (error) => stream.fail(error),
    )
    return stream
  }

  onPush(name: string, listener: (value: unknown) => void): () => void {
    let emitter = this.#pushes.get(name)
    if (!emitter) this.#pushes.set(name, (emitter = new Emitter()))
    return emitter.on(listener)
  }

  onClose(listener: () => void): () => void {
    if (this.#isOpen) return this.#closed.on(listener)
    queueMicrotask(listener)
    return () => undefined
  }

  #receive(message: CoreMessage): void {
    switch (message.t) {
      case 'ok':
        return this.#calls.get(message.id)?.resolve(message.value)
      case 'err':
        return this.#fail(message.id, AppError.fromWire(message.error))
      case 'data':
        return this.#streams.get(message.id)?.receive(message.value)
      case 'end':
        return this.#streams.get(message.id)?.end()
      case 'want':
        return this.#streams.get(message.id)?.grant(message.bytes)
      case 'push':
        return this.#pushes.get(message.name)?.emit(message.value)
    }
  }

  #fail(id: number, error: AppError): void {
    this.#calls.get(id)?.reject(error)
    this.#streams.get(id)?.fail(error)
  }

  #end(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    for (const waiting of [...this.#calls.values()]) waiting.reject(gone())
    for (const stream of [...this.#streams.values()]) stream.fail(gone())
    this.#closed.emit()
  }
}

const gone = (): AppError => new AppError('core.gone', 'The connection to the core of Slipway has ended')
const cancelled = (): AppError => new AppError('cancelled', 'Cancelled')

function attempt(run: () => void, onError: (error: unknown) => void): void {
  try {
    run()
  } catch (error) {
    onError(error)
  }
}
