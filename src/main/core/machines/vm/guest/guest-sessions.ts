import { toWire, type WireError } from '../../../../../shared/errors'
import { backoffMs } from '../../../../../shared/std/backoff'
import { pause } from '../../../platform/wait-for'
import type { Companion, CompanionFacts, GuestLink } from '../companion'
import type { Guest } from '../guest'
import type { MachineLog } from '../kept/machine-log'

export interface SessionDeps {
  /** Opens the guest anew, after a link that ended. */
  readonly open: (signal: AbortSignal) => Promise<Guest>
  readonly companions: readonly Companion[]
  readonly link: Omit<GuestLink, 'guest' | 'signal' | 'tell'>
  readonly onTunnel: (error: WireError | undefined) => void
  readonly onFacts: (companion: string, facts: CompanionFacts) => void
  readonly log: MachineLog
  readonly signal: AbortSignal
}

const retry = { minMs: 200, maxMs: 30_000 }

/** Keeps a running machine's guest reached: one link after the other, each with its companions. */
export class GuestSessions {
  #links: readonly { readonly companion: Companion; readonly link: GuestLink }[] = []
  #guest: Guest | undefined
  #link: AbortController | undefined
  #isQuiet = false

  constructor(private readonly deps: SessionDeps) {}

  /** Present while the guest is reached. */
  get guest(): Guest | undefined {
    return this.#guest
  }

  /** Begins with the guest that the boot reached, or by reaching it; ends with the deps' signal. */
  start(first: Guest | undefined): void {
    void this.#keep(first)
  }

  settingsChanged(): void {
    for (const { companion, link } of this.#links) companion.settingsChanged?.(link)
  }

  /** Lets the companions go in order, while the guest is still there. No new link follows. */
  async end(): Promise<void> {
    this.#isQuiet = true
    const links = this.#links
    this.#links = []
    await Promise.all(links.map((each) => this.#endOne(each)))
  }

  /** A stop did not come about: the companions come back. */
  async goOn(): Promise<void> {
    this.#isQuiet = false
    if (this.#guest && this.#link) await this.#begin(this.#guest, this.#link.signal)
  }

  async #keep(first: Guest | undefined): Promise<void> {
    const { signal, onTunnel, log } = this.deps
    let guest = first ?? (await this.#reopen())
    if (!first && guest) onTunnel(undefined)
    while (guest && !signal.aborted) {
      await this.#live(guest)
      if (signal.aborted) return
      log.step('the link to the guest ended')
      guest = await this.#reopen()
      if (guest) onTunnel(undefined)
    }
  }

  /** Until this link ends. */
  async #live(guest: Guest): Promise<void> {
    const { signal } = this.deps
    const link = new AbortController()
    const closed = new Promise<void>((resolve) => guest.onClosed(() => resolve()))
    const onEnd = (): void => guest.close()
    signal.addEventListener('abort', onEnd, { once: true })
    this.#guest = guest
    this.#link = link
    if (signal.aborted) guest.close()
    else if (!this.#isQuiet) void this.#begin(guest, link.signal)
    await closed
    signal.removeEventListener('abort', onEnd)
    this.#guest = undefined
    this.#links = []
    link.abort()
  }

  async #begin(guest: Guest, signal: AbortSignal): Promise<void> {
    const { companions, link, onFacts, log } = this.deps
    this.#links = companions.map((companion) => {
      const tell = (facts: CompanionFacts): void => {
        if (!signal.aborted) onFacts(companion.name, facts)
      }
      return { companion, link: { ...link, guest, signal, tell } }
    })
    await Promise.all(
      this.#links.map(async ({ companion, link: own }) => {
        try {
          await companion.begin(own)
        } catch (error) {
          if (!signal.aborted) log.step(`${companion.name} did not come up`, { error: String(error) })
        }
      }),
    )
  }

  async #endOne({ companion, link }: { companion: Companion; link: GuestLink }): Promise<void> {
    try {
      await companion.end?.(link)
    } catch (error) {
      this.deps.log.step(`${companion.name} did not end in order`, { error: String(error) })
    }
  }

  /** The first try is at once: a link that was cut is mostly back before anyone saw. */
  async #reopen(): Promise<Guest | undefined> {
    const { signal, open, onTunnel } = this.deps
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await open(signal)
      } catch (error) {
        if (signal.aborted) return undefined
        onTunnel(toWire(error))
        await pause(backoffMs(attempt, retry), signal).catch(() => undefined)
      }
    }
    return undefined
  }
}
