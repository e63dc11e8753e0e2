import type { LogItem } from '../../../shared/model'
import type { LogLine } from './log-assembler'

type Lines = Extract<LogItem, { kind: 'lines' }>

/** Lines on their way into one item. */
export class LogBatchBuilder {
  #sources = ''
  #lines: string[] = []
  #times: string[] = []
  #cut: { index: number; bytes: number }[] = []
  #size = 0

  constructor(private readonly withTimes: boolean) {}

  /** Characters so far: about the bytes on the wire. */
  get size(): number {
    return this.#size
  }

  add(line: LogLine): void {
    this.#sources += line.source === 'stderr' ? 'e' : 'o'
    if (line.cutBytes !== undefined) this.#cut.push({ index: this.#lines.length, bytes: line.cutBytes })
    this.#lines.push(line.text)
    if (this.withTimes) this.#times.push(line.time)
    this.#size += line.text.length + (this.withTimes ? line.time.length : 0) + 8
  }

  /** The item, and an empty builder again. `undefined` when there is nothing. */
  take(): Lines | undefined {
    if (this.#lines.length === 0) return undefined
    const cut = this.#cut
    const item: Lines = {
      kind: 'lines',
      sources: this.#sources,
      lines: this.#lines,
      times: this.#times,
      ...(cut.length > 0 && { cut }),
    }
    this.#sources = ''
    this.#lines = []
    this.#times = []
    this.#cut = []
    this.#size = 0
    return item
  }
}
