import type { LogBatch, LogSource } from '../../../shared/model'
import type { WireError } from '../../../shared/errors'

/** What happened to the stream between two lines. */
export type LogMark =
  | { readonly kind: 'break'; readonly error: WireError }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'ended'; readonly exitCode?: number }
  | { readonly kind: 'restarted' }

export interface LogLine {
  /** Counts all lines ever taken in: stays the same while older lines are dropped. */
  readonly seq: number
  /** Raw, with its escape sequences. */
  readonly text: string
  /** RFC 3339 with nanoseconds, or empty. */
  readonly time: string
  readonly source: LogSource | 'mark'
  /** The full size of a line that core cut. */
  readonly fullBytes?: number
  readonly mark?: LogMark
}

/** What a line costs besides its characters: two string headers and its places in the arrays. */
const lineOverheadBytes = 64
/** Beyond this many rows a browser's tallest element (33 million px) no longer holds them. */
const maxLines = 1_000_000

/** The newest lines of a log, capped by bytes: the oldest go first, and how many went is known. */
export class LogRing {
  #texts: string[] = []
  #times: string[] = []
  #sources: string[] = []
  readonly #extras = new Map<number, { fullBytes?: number; mark?: LogMark }>()
  /** Index of the oldest kept line in the arrays, and its sequence number. */
  #start = 0
  #first = 0
  #bytes = 0
  #dropped = 0

  constructor(private readonly capacityBytes: number) {}

  /** Sequence number of the oldest kept line. */
  get first(): number {
    return this.#first
  }
  /** One past the newest line. */
  get end(): number {
    return this.#first + this.#texts.length - this.#start
  }
  get length(): number {
    return this.#texts.length - this.#start
  }
  get bytes(): number {
    return this.#bytes
  }
  /** Lines that had to go for newer ones since the last `clear`. */
  get dropped(): number {
    return this.#dropped
  }

  append(batch: LogBatch): void {
    const from = this.end
    for (let i = 0; i < batch.lines.length; i++)
      this.#push(batch.lines[i] as string, batch.times[i] ?? '', batch.sources[i] === 'e' ? 'e' : 'o')
    for (const cut of batch.cut ?? []) this.#extras.set(from + cut.index, { fullBytes: cut.bytes })
    this.#trim()
  }

  mark(mark: LogMark): void {
    this.#extras.set(this.end, { mark })
    this.#push('', '', 'm')
    this.#trim()
  }

  line(seq: number): LogLine | undefined {
    const at = this.#start + seq - this.#first
    const text = seq < this.#first ? undefined : this.#texts[at]
    if (text === undefined) return undefined
    const letter = this.#sources[at]
    const source = letter === 'm' ? 'mark' : letter === 'e' ? 'stderr' : 'stdout'
    return { seq, text, time: this.#times[at] as string, source, ...this.#extras.get(seq) }
  }

  textOf(seq: number): string {
    return seq < this.#first ? '' : (this.#texts[this.#start + seq - this.#first] ?? '')
  }

  /** `o`, `e`, `m` (a mark), or empty for a line that is not kept. */
  sourceOf(seq: number): string {
    return seq < this.#first ? '' : (this.#sources[this.#start + seq - this.#first] ?? '')
  }

  /** Forgets all lines; sequence numbers go on. */
  clear(): void {
    this.#first = this.end
    this.#texts = []
    this.#times = []
    this.#sources = []
    this.#extras.clear()
    this.#start = 0
    this.#bytes = 0
    this.#dropped = 0
  }

  #push(text: string, time: string, source: string): void {
    this.#texts.push(text)
    this.#times.push(time)
    this.#sources.push(source)
    this.#bytes += text.length + time.length + lineOverheadBytes
  }

  #trim(): void {
    while ((this.#bytes > this.capacityBytes || this.length > maxLines) && this.length > 1) this.#forget()
    // Compact now and then, so that memory follows what is kept.
    if (this.#start > 4096 && this.#start * 2 > this.#texts.length) {
      this.#texts = this.#texts.slice(this.#start)
      this.#times = this.#times.slice(this.#start)
      this.#sources = this.#sources.slice(this.#start)
      this.#start = 0
    }
  }

  #forget(): void {
    const at = this.#start
    this.#bytes -= (this.#texts[at] as string).length + (this.#times[at] as string).length + lineOverheadBytes
    if (this.#sources[at] !== 'm') this.#dropped++
    this.#texts[at] = ''
    this.#times[at] = ''
    this.#extras.delete(this.#first)
    this.#start++
    this.#first++
  }
}
