/** Few enough to remember for every open log, many more than lines ever are out of order. */
const remembered = 2048

/**
 * Where a log is taken up again after the engine went away: from which time, and which lines of it were
 * already given. Times are the engine's own text; equal ones are told apart by counting, and lines
 * that two copiers of the engine wrote slightly out of order are not lost.
 */
export class ResumePoint {
  /** Times of the last lines, oldest first. */
  #recent: string[] = []
  /** The latest time among the lines no longer in `recent`, and how many of them have it. */
  #since = ''
  #atSince = 0
  #expected: string[] = []

  /** True when no line has gone through yet. */
  get isEmpty(): boolean {
    return this.#since === '' && this.#recent.length === 0
  }

  /** Every line in the order of the log. True for one that is new, false for one that was given before. */
  take(time: string): boolean {
    if (this.#expected.length > 0) {
      if (time === this.#expected[0]) {
        this.#expected.shift()
        return false
      }
      // Rotated away meanwhile, or written between: only a line that is still expected was given.
      const at = this.#expected.indexOf(time)
      if (at >= 0) {
        this.#expected.splice(0, at + 1)
        return false
      }
    }
    if (time !== '') this.#remember(time)
    return true
  }

  /** The engine's `since`, after which `take` expects all lines from that time on. `undefined`: from the start. */
  resume(): string | undefined {
    if (this.isEmpty) return undefined
    if (this.#since === '') this.#forget(Math.ceil(this.#recent.length / 2))
    const repeated = Array.from({ length: this.#atSince }, () => this.#since)
    this.#expected = [...repeated, ...this.#recent.filter((time) => !isBefore(time, this.#since))]
    return this.#since
  }

  #remember(time: string): void {
    this.#recent.push(time)
    if (this.#recent.length > remembered) this.#forget(remembered / 2)
  }

  #forget(count: number): void {
    for (const time of this.#recent.splice(0, count)) {
      if (time === this.#since) this.#atSince++
      else if (this.#since === '' || isBefore(this.#since, time)) {
        this.#since = time
        this.#atSince = 1
      }
    }
  }
}

/** The engine writes all nine digits in UTC, where text order is time order; others (Podman) are compared in full. */
function isBefore(a: string, b: string): boolean {
  return a.length === 30 && b.length === 30 ? a < b : nanosOf(a) < nanosOf(b)
}

export function nanosOf(time: string): bigint {
  const [, seconds = '', fraction = '', zone = 'Z'] =
    /^(.{19})(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(time) ?? []
  const millis = Date.parse(`${seconds}${zone}`)
  if (Number.isNaN(millis)) return 0n
  return BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9))
}

/** As the engine's `since` takes it, to the nanosecond: `1136073600.000000001`. */
export function sinceText(time: string): string {
  const nanos = nanosOf(time)
  return `${nanos / 1_000_000_000n}.${String(nanos % 1_000_000_000n).padStart(9, '0')}`
}
