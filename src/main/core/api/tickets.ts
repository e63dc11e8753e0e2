import { randomBytes } from 'node:crypto'

/** Long enough for a browser to follow an address, too short for a ticket that leaked to be worth anything. */
const goodForMs = 60_000
/** Nobody wants this many at once; the oldest makes room. */
const maxTickets = 100

export interface TicketOptions<T> {
  /** In milliseconds; a test passes its own clock. */
  readonly now?: (() => number) | undefined
  /** What is held neither ages nor makes room: whoever holds it drops its ticket. */
  readonly isHeld?: (value: T) => boolean
}

/** One-time words for addresses of the window's own origin, each for something that waits behind it. */
export class Tickets<T> {
  readonly #waiting = new Map<string, { readonly value: T; readonly untilMs: number }>()
  readonly #now: () => number
  readonly #isHeld: (value: T) => boolean

  constructor({ now = Date.now, isHeld = () => false }: TicketOptions<T> = {}) {
    this.#now = now
    this.#isHeld = isHeld
  }

  issue(value: T): string {
    for (const [ticket, { value: other }] of this.#waiting)
      if (!this.at(ticket) || (this.#waiting.size >= maxTickets && !this.#isHeld(other))) this.drop(ticket)
    const ticket = randomBytes(24).toString('base64url')
    this.#waiting.set(ticket, { value, untilMs: this.#now() + goodForMs })
    return ticket
  }

  /** What stands behind a good ticket. */
  at(ticket: string): T | undefined {
    const found = this.#waiting.get(ticket)
    return found && (found.untilMs > this.#now() || this.#isHeld(found.value)) ? found.value : undefined
  }

  drop(ticket: string): void {
    this.#waiting.delete(ticket)
  }
}
