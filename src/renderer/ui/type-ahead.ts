/** How long letters belong together. */
const togetherMs = 800

/** A list as letters look through it. */
export interface NamedLines {
  readonly count: number
  /** -1: no line is active. */
  readonly active: number
  /** `undefined`: a line without a name. */
  readonly nameAt: (index: number) => string | undefined
}

/** Letters typed after one another look for a name; one letter again and again goes through its names. */
export class TypeAhead {
  #typed = ''
  #atMs = 0

  /** The line that what was typed leads to; -1: nowhere. */
  type(letter: string, lines: NamedLines, nowMs: number): number {
    const isFresh = nowMs - this.#atMs > togetherMs
    this.#atMs = nowMs
    this.#typed = isFresh || this.#typed === letter ? letter : this.#typed + letter
    const from = this.#typed.length === 1 ? lines.active + 1 : Math.max(0, lines.active)
    return nextNamed(lines, from, this.#typed)
  }

  /** A sign that means something else belongs to a name only inside one. */
  isTyping(nowMs: number): boolean {
    return this.#typed !== '' && nowMs - this.#atMs <= togetherMs
  }
}

/** The next line whose name begins so, from `from` on and around the end. */
function nextNamed({ count, nameAt }: NamedLines, from: number, typed: string): number {
  const start = typed.toLowerCase()
  for (let step = 0; step < count; step++) {
    const at = (from + step) % count
    if (nameAt(at)?.toLowerCase().startsWith(start)) return at
  }
  return -1
}
