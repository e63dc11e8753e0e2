import { Emitter } from '../../src/shared/std/emitter'
import { createClient } from '../../src/shared/contract/client'
import type { ClientTransport, CoreTransport } from '../../src/shared/contract/wire'
import type { Client, Handlers, PushName } from '../../src/shared/contract'
import { serveClient } from '../../src/main/core/api/serve-client'
import { fakeHandlers } from './fake-handlers'

/** A peer that keeps no rule: what it sends goes out unchecked. */
export interface RawPeer {
  /** A message of any shape and size; bytes transports carry it as its JSON. */
  send(message: unknown): void
  readonly closed: Promise<void>
}

/** A kind of transport, with as many clients on it as a test asks for. */
export interface Road {
  connect(): Promise<ClientTransport>
  connectRaw(): Promise<RawPeer>
  close(): Promise<void>
}
export type OpenRoad = (serve: (transport: CoreTransport) => void) => Promise<Road>

/** Core's side with scripted handlers, and clients over a real road to it. */
export class Lab {
  /** A test puts its own handlers here before it asks. */
  readonly handlers: Partial<Handlers> = {}
  readonly bugs: unknown[] = []
  readonly pushes = new Emitter<{ name: PushName; value: unknown }>()
  readonly #clients: Client[] = []
  #road: Road | undefined

  static async open(openRoad: OpenRoad): Promise<Lab> {
    const lab = new Lab()
    lab.#road = await openRoad((transport) => lab.#serve(transport))
    return lab
  }

  async client(): Promise<Client> {
    const client = createClient(await this.road.connect())
    this.#clients.push(client)
    return client
  }

  get road(): Road {
    if (!this.#road) throw new Error('the road is not open')
    return this.#road
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close()
    await this.#road?.close()
  }

  #serve(transport: CoreTransport): void {
    serveClient(transport, fakeHandlers(this.handlers), {
      onPush: (listener) => this.pushes.on(({ name, value }) => listener(name, value)),
      reportBug: (_what, thrown) => void this.bugs.push(thrown),
    })
  }
}

/** Polls until the fact holds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const limit = Date.now() + 20_000
  while (!holds()) {
    if (Date.now() > limit) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** The code that a promise failed with. */
export async function codeOf(failing: Promise<unknown>): Promise<string> {
  try {
    await failing
  } catch (thrown) {
    return (thrown as { code?: string }).code ?? String(thrown)
  }
  return 'no error'
}
