import { plainText } from './ansi'
import type { LogRing } from './log-ring'
import { compileQuery, matchRanges, type Pattern, type Query } from './pattern'
import { type PatternRunner, PatternTooSlow } from './pattern-runner'
import { SeqList } from './seq-list'

export type SearchProblem =
  | { readonly kind: 'bad-pattern'; readonly detail: string }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'failed' }

/** One slice: small enough for a frame, also when every line is long. */
const sliceLines = 2000
const sliceChars = 1024 * 1024
/** Lines whose marks are kept: many times a screen. */
const maxKnownRanges = 2000

/** One for all lines that do not match, so that their rows need no drawing. */
const noRanges: readonly number[] = []

interface Deps {
  readonly ring: LogRing
  readonly runner: PatternRunner
  /** Something to draw has changed. */
  readonly onChange: () => void
  /** Lets the window draw between two slices. */
  readonly breathe: () => Promise<void>
}

/** Which lines match, kept true while the log grows and forgets. Works in slices, so it never stalls the window. */
export class LogSearch {
  readonly matches = new SeqList()
  #pattern: Pattern | undefined
  #problem: SearchProblem | undefined
  #accepts: (seq: number) => boolean = () => true
  #next = 0
  #round = 0
  #isScanning = false
  readonly #ranges = new Map<number, readonly number[]>()

  constructor(private readonly deps: Deps) {}

  get problem(): SearchProblem | undefined {
    return this.#problem
  }
  get isActive(): boolean {
    return this.#pattern !== undefined
  }
  get isScanning(): boolean {
    return this.#isScanning
  }

  /** Starts anew. `accepts` leaves lines out that the view does not show. */
  setQuery(query: Query, accepts: (seq: number) => boolean): void {
    this.#round++
    this.#isScanning = false
    this.#accepts = accepts
    this.#problem = undefined
    this.#pattern = undefined
    this.#ranges.clear()
    this.matches.clear()
    this.#next = this.deps.ring.first
    if (query.text !== '') {
      const compiled = compileQuery(query)
      if (compiled.ok) this.#pattern = compiled.pattern
      else this.#problem = { kind: 'bad-pattern', detail: compiled.problem }
    }
    this.advance()
  }

  /** Goes on over lines that came since; forgets what the ring forgot. */
  advance(): void {
    this.matches.dropBefore(this.deps.ring.first)
    this.#next = Math.max(this.#next, this.deps.ring.first)
    if (!this.#pattern || this.#isScanning || this.#next >= this.deps.ring.end) return
    this.#isScanning = true
    const round = this.#round
    this.#scan(this.#pattern, round).catch((error: unknown) => {
      if (round !== this.#round) return
      this.#fail(error)
    })
  }

  /**
   * Where a line matches, in its visible text. A pattern that a person wrote is asked of the worker: its
   * marks appear a moment later, with a change told.
   */
  rangesOf(seq: number): readonly number[] {
    const pattern = this.#pattern
    if (!pattern || !this.matches.has(seq)) return noRanges
    const known = this.#ranges.get(seq)
    if (known) return known
    const text = plainText(this.deps.ring.textOf(seq))
    if (this.#ranges.size > maxKnownRanges) this.#ranges.clear()
    if (pattern.isLiteral) {
      const found = matchRanges(pattern, [text])[0] ?? []
      this.#ranges.set(seq, found)
      return found
    }
    this.#ranges.set(seq, [])
    this.#askRanges(pattern, seq, text)
    return []
  }

  close(): void {
    this.#round++
    this.#pattern = undefined
    this.deps.runner.close()
  }

  #askRanges(pattern: Pattern, seq: number, text: string): void {
    const round = this.#round
    this.deps.runner.ranges(pattern, [text]).then(
      ([found]) => {
        if (round !== this.#round || !found) return
        this.#ranges.set(seq, found)
        this.deps.onChange()
      },
      (error: unknown) => round === this.#round && this.#fail(error),
    )
  }

  #fail(error: unknown): void {
    this.#isScanning = false
    this.#pattern = undefined
    this.#problem = { kind: error instanceof PatternTooSlow ? 'too-slow' : 'failed' }
    this.deps.onChange()
  }

  async #scan(pattern: Pattern, round: number): Promise<void> {
    const { ring, runner } = this.deps
    while (round === this.#round && this.#next < ring.end) {
      const slice = this.#takeSlice()
      const hits = await runner.scan(pattern, slice.texts)
      if (round !== this.#round) return
      for (const hit of hits) this.matches.push(slice.seqs[hit] as number)
      this.matches.dropBefore(ring.first)
      this.#next = Math.max(this.#next, ring.first)
      if (this.#next >= ring.end) break
      this.deps.onChange()
      await this.deps.breathe()
    }
    if (round !== this.#round) return
    this.#isScanning = false
    this.deps.onChange()
  }

  #takeSlice(): { seqs: number[]; texts: string[] } {
    const { ring } = this.deps
    const seqs: number[] = []
    const texts: string[] = []
    let chars = 0
    let seq = this.#next
    for (; seq < ring.end && seq - this.#next < sliceLines && chars < sliceChars; seq++) {
      if (!this.#accepts(seq)) continue
      const text = plainText(ring.textOf(seq))
      chars += text.length
      seqs.push(seq)
      texts.push(text)
    }
    this.#next = seq
    return { seqs, texts }
  }
}
