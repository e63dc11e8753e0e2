import type { Server } from 'node:net'
import type { ClientTransport, CoreTransport } from '../../../shared/contract/wire'
import { AppError, isCode } from '../../../shared/errors'
import { log } from '../platform/log'
import { claimCore } from '../platform/single-core'
import { pause } from '../platform/wait-for'
import { relay } from './relay'
import { serveSocket } from './socket-server'
import { connectToCore } from './socket-transport'

/** A core to which clients can be handed: in this process, or in another one of the same data folder. */
export interface CoreAccess {
  readonly isOwner: boolean
  /** Serves one more client; it ends with its transport. */
  accept(transport: CoreTransport): void
  /** Called once when a joined core has ended. A core of this process tells nothing: its owner closes it. */
  onGone(listener: () => void): () => void
  /** Ends a core of this process, or leaves the joined one as it is. */
  close(): Promise<void>
}

/** What core.ts makes once the data folder is claimed. */
export interface StartedCore {
  accept(transport: CoreTransport): void
  close(): Promise<void>
}

export interface JoinOrStart {
  readonly socketPath: string
  readonly start: () => Promise<StartedCore>
}

/** A core that is just ending holds its socket until it is done. */
const attempts = 20
const betweenAttemptsMs = 250

/** Claims the data folder and starts core there, or joins the one that holds it. */
export async function joinOrStart({ socketPath, start }: JoinOrStart): Promise<CoreAccess> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await pause(betweenAttemptsMs)
    const claim = await claimCore(socketPath)
    if (claim) return await own(claim, start)
    const joined = await joinCore(socketPath)
    if (joined) return joined
  }
  throw new AppError('core.gone', 'Another core holds the data folder and does not answer')
}

/** The running core of a data folder, or `undefined` when none answers. */
export async function joinCore(socketPath: string): Promise<CoreAccess | undefined> {
  try {
    return new JoinedCore(socketPath, await connectToCore(socketPath))
  } catch (error) {
    if (isCode(error, 'core.gone')) return undefined
    throw error
  }
}

type Claim = { readonly server: Server; release(): Promise<void> }

async function own(claim: Claim, start: JoinOrStart['start']): Promise<CoreAccess> {
  // Whoever joins while core starts waits here: a socket that nobody takes would hang for ever.
  const early: CoreTransport[] = []
  let core: StartedCore | undefined
  const stopServing = serveSocket(claim.server, (transport) => {
    if (core) core.accept(transport)
    else early.push(transport)
  })
  try {
    const started = await start()
    core = started
    for (const transport of early) started.accept(transport)
    return new OwnCore(started, async () => {
      stopServing()
      await claim.release()
    })
  } catch (error) {
    stopServing()
    await claim.release()
    throw error
  }
}

class OwnCore implements CoreAccess {
  readonly isOwner = true
  readonly #core: StartedCore
  readonly #release: () => Promise<void>
  #closing: Promise<void> | undefined

  constructor(core: StartedCore, release: () => Promise<void>) {
    this.#core = core
    this.#release = release
  }

  accept(transport: CoreTransport): void {
    this.#core.accept(transport)
  }

  onGone(): () => void {
    return () => undefined
  }

  /** The folder is given up last: the next core must find nothing of this one running. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    try {
      await this.#core.close()
    } finally {
      await this.#release()
    }
  }
}

/** Holds one connection to notice the end, and one for each client, so that core tells them apart. */
class JoinedCore implements CoreAccess {
  readonly isOwner = false
  readonly #socketPath: string
  readonly #watch: ClientTransport
  readonly #clients = new Set<CoreTransport>()

  constructor(socketPath: string, watch: ClientTransport) {
    this.#socketPath = socketPath
    this.#watch = watch
    // Its pushes are for the clients, which hear them on their own connections.
    watch.onMessage(() => undefined)
    watch.onClose(() => log.info('core', 'left the joined core'))
  }

  accept(transport: CoreTransport): void {
    this.#clients.add(transport)
    transport.onClose(() => this.#clients.delete(transport))
    connectToCore(this.#socketPath).then(
      (core) => relay(transport, core),
      () => transport.close(),
    )
  }

  onGone(listener: () => void): () => void {
    return this.#watch.onClose(listener)
  }

  close(): Promise<void> {
    for (const client of this.#clients) client.close()
    this.#watch.close()
    return Promise.resolve()
  }
}
