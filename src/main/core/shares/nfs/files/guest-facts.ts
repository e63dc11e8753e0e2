/** What the machine was told of a file and the host cannot keep: an owner, or that it is a socket. */
export interface GuestFact {
  readonly uid?: number
  readonly gid?: number
  /** `ftype3`: a socket or a pipe that stands on the host as an empty file. */
  readonly type?: number
}

/** About 150 bytes each in memory; the oldest go first, and their files are root's again. */
const maxFacts = 100_000

/** Remembered facts by a file's identity. Kept on disk by who made this, by `entries` and `onChanged`. */
export class GuestFacts {
  readonly #facts: Map<string, GuestFact>

  constructor(
    kept: Iterable<readonly [string, GuestFact]> = [],
    private readonly onChanged: () => void = () => undefined,
    private readonly limit = maxFacts,
  ) {
    this.#facts = new Map(kept)
  }

  of(key: string): GuestFact | undefined {
    return this.#facts.get(key)
  }

  set(key: string, fact: GuestFact): void {
    const known = this.#facts.get(key)
    this.#facts.delete(key)
    this.#facts.set(key, { ...known, ...fact })
    const oldest = this.#facts.keys().next()
    if (this.#facts.size > this.limit && !oldest.done) this.#facts.delete(oldest.value)
    this.onChanged()
  }

  forget(key: string): void {
    if (this.#facts.delete(key)) this.onChanged()
  }

  entries(): [string, GuestFact][] {
    return [...this.#facts]
  }
}
