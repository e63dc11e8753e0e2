import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 32 random bytes, as text that needs no escaping in an address. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** Wrong tokens that are answered at once, each second. */
const answeredPerSecond = 5
const heldMs = 1000

/**
 * Compares tokens. A right one passes at once, always; of wrong ones five a second are answered, the
 * others are held for a second. With the limit on sockets that have not said hello this bounds guessing
 * without shutting the person out while somebody guesses.
 */
export class TokenDoor {
  readonly #digest: Buffer
  readonly #now: () => number
  #secondStartedMs = 0
  #wrongThisSecond = 0

  constructor(token: string, now: () => number = Date.now) {
    this.#digest = digestOf(token)
    this.#now = now
  }

  /** `undefined` for the right token, else how long to wait before telling that it is wrong. */
  refusalAfterMs(token: string): number | undefined {
    // Digests have one length, so the time tells neither the token's length nor its beginning.
    if (timingSafeEqual(digestOf(token), this.#digest)) return undefined
    const nowMs = this.#now()
    if (nowMs - this.#secondStartedMs >= 1000) {
      this.#secondStartedMs = nowMs
      this.#wrongThisSecond = 0
    }
    this.#wrongThisSecond++
    return this.#wrongThisSecond <= answeredPerSecond ? 0 : heldMs
  }
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()
