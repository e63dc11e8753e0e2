import { plainText } from './ansi'
import type { LogRing } from './log-ring'
import { RowHeights } from './row-heights'
import { SeqList } from './seq-list'

/** Characters of a line that are drawn before a person asks for the rest. */
export const shownChars = 4096

export type SourceFilter = 'all' | 'stdout' | 'stderr'

/** What the height of a row follows from. `columns` is how many characters fit; 0 when lines do not wrap. */
export interface RowMeasure {
  readonly rowPx: number
  readonly columns: number
}

/** Which lines are on show, in order, and how high each is. */
export class LogRows {
  readonly heights = new RowHeights()
  readonly #seqs = new SeqList()
  #next = 0
  #source: SourceFilter = 'all'
  #matches: SeqList | undefined
  #measure: RowMeasure = { rowPx: 18, columns: 0 }
  #appended = 0
  #goneBeforePx = 0

  constructor(private readonly ring: LogRing) {}

  get length(): number {
    return this.#seqs.length
  }
  /** Rows ever put at the end: what came since can be told from the difference. */
  get appended(): number {
    return this.#appended
  }
  get measure(): RowMeasure {
    return this.#measure
  }

  seqAt(index: number): number | undefined {
    return this.#seqs.at(index)
  }
  /** The row of a line, or the next one after it. */
  indexOf(seq: number): number {
    return this.#seqs.firstAtOrAfter(seq)
  }

  /** `matches` given: only these lines. Marks of the stream are always on show, but for matches. */
  setFilter(source: SourceFilter, matches: SeqList | undefined): void {
    this.#source = source
    this.#matches = matches
    this.rebuild()
  }

  setMeasure(measure: RowMeasure): void {
    if (measure.rowPx === this.#measure.rowPx && measure.columns === this.#measure.columns) return
    this.#measure = measure
    this.heights.clear()
    for (let i = 0; i < this.#seqs.length; i++) this.heights.push(this.#estimate(this.#seqs.at(i) as number))
  }

  accepts(seq: number): boolean {
    if (this.#source === 'all') return true
    const letter = this.ring.sourceOf(seq)
    return letter === 'm' || letter === (this.#source === 'stderr' ? 'e' : 'o')
  }

  /** Takes what is new, drops what the ring dropped. */
  sync(): void {
    const gone = this.#seqs.dropBefore(this.ring.first)
    if (gone > 0) this.#goneBeforePx += this.heights.dropHead(gone)
    this.#next = Math.max(this.#next, this.ring.first)
    if (this.#matches) this.#syncMatches(this.#matches)
    else for (; this.#next < this.ring.end; this.#next++) if (this.accepts(this.#next)) this.#push(this.#next)
  }

  rebuild(): void {
    this.#seqs.clear()
    this.heights.clear()
    this.#goneBeforePx = 0
    this.#next = this.ring.first
    this.sync()
  }

  /** How much the content moved up since the last ask, because its beginning was dropped, in px. */
  takeGonePx(): number {
    const gone = this.#goneBeforePx
    this.#goneBeforePx = 0
    return gone
  }

  #syncMatches(matches: SeqList): void {
    for (let i = matches.firstAtOrAfter(this.#next); i < matches.length; i++) {
      const seq = matches.at(i) as number
      this.#push(seq)
      this.#next = seq + 1
    }
  }

  #push(seq: number): void {
    this.#seqs.push(seq)
    this.#appended++
    this.heights.push(this.#estimate(seq))
  }

  /** In a fixed-width font, right for all but wide characters: drawn rows are measured. */
  #estimate(seq: number): number {
    const { rowPx, columns } = this.#measure
    if (columns === 0) return rowPx
    const text = this.ring.textOf(seq)
    if (text.length <= columns) return rowPx
    return rowPx * Math.max(1, Math.ceil(Math.min(plainText(text).length, shownChars) / columns))
  }
}
