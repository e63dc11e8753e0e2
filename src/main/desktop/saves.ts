import type { Session } from 'electron'
import type { Client } from '../../shared/contract'
import { downloadKinds } from '../../shared/commands'
import { isCode } from '../../shared/errors'

/** A save that came to no good end. */
export interface BrokenSave {
  readonly name: string
  /** It was core that broke it off, and not this computer: its disk may be full. */
  readonly isByCore: boolean
}

/** What becomes of what is saved: the page does not see it, and Chromium does not know why. */
export class Saves {
  /** By the address of what was to be saved. */
  readonly #failures = new Map<string, unknown>()

  noteFailure(url: string, error: unknown): void {
    this.#failures.set(url, error)
  }

  /**
   * Tells each save that broke off. One that Chromium would go on with later is given up: what stands behind a ticket
   * is read once, from its beginning.
   */
  follow(session: Session, onBroken: (broken: BrokenSave) => void): void {
    session.on('will-download', (_event, item) => {
      const tell = (): void => {
        const failure = this.#failures.get(item.getURL())
        // Cancelled in Activity, which is what a person does.
        if (isCode(failure, 'cancelled')) return
        onBroken({ name: item.getFilename(), isByCore: failure !== undefined })
      }
      item.on('updated', (_updated, state) => {
        if (state !== 'interrupted') return
        tell()
        item.cancel()
      })
      item.once('done', (_done, state) => {
        // Cancelled is what a person does, or what has been told just now.
        if (state === 'interrupted') tell()
        this.#failures.delete(item.getURL())
      })
    })
  }
}

/** A failure that is in Activity is older than this only when it is another one's. */
const justNowMs = 5000

/** Whether Activity, and with it the window, has just told of a download that failed: not each stands there. */
export async function isInActivity(client: Client): Promise<boolean> {
  for await (const item of client.stream('activity.watch', {})) {
    if (item.kind !== 'all') continue
    return item.tasks.some(
      ({ kind, state, endedAtMs = 0 }) =>
        downloadKinds.some((one) => one === kind) &&
        (state === 'failed' || state === 'interrupted') &&
        Date.now() - endedAtMs < justNowMs,
    )
  }
  return false
}
