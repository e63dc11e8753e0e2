import type { CoreTransport } from '../../shared/contract/wire'
import { log } from '../core/platform/log'

/** What serve needs of a core, its own or a joined one. */
export interface RunningCore {
  accept(transport: CoreTransport): void
  onGone(listener: () => void): () => void
  close(): Promise<void>
}

/**
 * A core that comes back: when the joined one ends (the desktop app was quit), the next is joined, or
 * started here. Windows see their connection end and connect anew.
 */
export class LastingCore {
  readonly #open: () => Promise<RunningCore>
  #core: Promise<RunningCore> | undefined
  #isClosed = false

  constructor(open: () => Promise<RunningCore>) {
    this.#open = open
  }

  /** Resolves when there is a core. */
  async ready(): Promise<void> {
    await this.#get()
  }

  accept(transport: CoreTransport): void {
    this.#get().then(
      (core) => core.accept(transport),
      (error: unknown) => {
        log.error('serve', 'there is no core for a window', { error: String(error) })
        transport.close()
      },
    )
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const core = await this.#core?.catch(() => undefined)
    await core?.close()
  }

  /** At once, not with the next window: the command line and other windows look for a core too. */
  #reopen(forget: () => void): void {
    forget()
    if (this.#isClosed) return
    this.#get().catch((error: unknown) => log.error('serve', 'no new core', { error: String(error) }))
  }

  #get(): Promise<RunningCore> {
    if (!this.#core) {
      const opening = this.#open()
      this.#core = opening
      const forget = (): void => {
        if (this.#core === opening && !this.#isClosed) this.#core = undefined
      }
      opening.then((core) => core.onGone(() => this.#reopen(forget)), forget)
    }
    return this.#core
  }
}
