import { Agent, type AgentOptions, type ClientRequest, type ClientRequestArgs } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Dial } from './engine'

type Created = (error: Error | null, socket: Duplex) => void

/**
 * Pools connections made by a `Dial`. A dialled stream need not be a net.Socket (an SSH channel is not),
 * so the socket-only methods that Node's agent calls are optional here.
 */
export class DialAgent extends Agent {
  readonly #dial: Dial
  readonly #ended = new AbortController()
  readonly #isPooled: boolean

  constructor(dial: Dial, options: AgentOptions) {
    super({ scheduling: 'lifo', ...options })
    this.#dial = dial
    this.#isPooled = options.keepAlive === true
  }

  // Node calls it with a callback and takes `undefined` as "later".
  override createConnection(_options: ClientRequestArgs, created?: Created): undefined {
    this.#dial(this.#ended.signal).then(
      (socket) => {
        // A pooled connection has no use for half-close: at the engine's EOF it must leave the pool.
        if (this.#isPooled) socket.allowHalfOpen = false
        created?.(null, socket)
      },
      (error: unknown) =>
        // With an error there is no socket; Node's types ask for one all the same.
        created?.(error instanceof Error ? error : new Error(String(error)), undefined as unknown as Duplex),
    )
    return undefined
  }

  override keepSocketAlive(socket: Duplex): boolean {
    ;(socket as Partial<{ unref(): void }>).unref?.()
    return true
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    request.reusedSocket = true
    ;(socket as Partial<{ ref(): void }>).ref?.()
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
