import { setMaxListeners } from 'node:events'
import { Agent, type AgentOptions, type ClientRequestArgs } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Dial } from './engine'

type Created = (error: Error | null, socket: Duplex) => void

/** Pools connections made by a `Dial`. */
export class DialAgent extends Agent {
  readonly #dial: Dial
  readonly #ended = new AbortController()
  readonly #isPooled: boolean

  constructor(dial: Dial, { lane, ...options }: AgentOptions & { readonly lane?: 'bulk' }) {
    super({ scheduling: 'lifo', ...options })
    this.#dial = (signal) => dial(signal, lane)
    // Each connection in the making listens to it, and leaves when it is made.
    setMaxListeners(0, this.#ended.signal)
    this.#isPooled = options.keepAlive === true
  }

  // Node calls it with a callback and takes `undefined` as "later".
  override createConnection(_options: ClientRequestArgs, created?: Created): undefined {
    this.#dial(this.#ended.signal).then(
      (socket) => {
        // A pooled connection has no use for half-close: at the engine's EOF it must leave the pool.
        if (this.#isPooled) socket.allowHalfOpen = false
        created?.(null, withSocketMethods(socket))
      },
      (error: unknown) =>
        // With an error there is no socket; Node's types ask for one all the same.
        created?.(error instanceof Error ? error : new Error(String(error)), undefined as unknown as Duplex),
    )
    return undefined
  }

  /** All roads of this engine are one destination. */
  override getName(): string {
    return 'engine'
  }

  /** Closes what waits unused; what is in use goes on. */
  dropIdle(): void {
    for (const sockets of Object.values(this.freeSockets))
      for (const socket of sockets ?? []) socket.destroy()
  }

  override destroy(): void {
    this.#ended.abort()
    super.destroy()
  }
}

/** A dialled stream need not be a net.Socket (an SSH channel is not), but Node's agent calls these of it. */
function withSocketMethods(stream: Duplex): Duplex {
  const partial = stream as Partial<
    Record<'ref' | 'unref' | 'setKeepAlive' | 'setNoDelay' | 'setTimeout', unknown>
  >
  const nothing = (): Duplex => stream
  for (const method of ['ref', 'unref', 'setKeepAlive', 'setNoDelay', 'setTimeout'] as const) {
    partial[method] ??= nothing
  }
  return stream
}
