import type { LogSource } from '../../../shared/model'
import type { Piece } from '../engine/demux'

/** A whole line, without its line end. */
export interface LogLine {
  readonly source: LogSource
  /** RFC 3339 as the engine wrote it; empty when it wrote none. */
  readonly time: string
  /** UTF-8; what is not became U+FFFD. */
  readonly text: string
  /** Set when the text was cut: the whole line's size. */
  readonly cutBytes?: number
}

/** Longer lines are cut here: a 20 MB line must not become a 20 MB row. */
export const maxLineBytes = 256 * 1024

/** Moby cuts a long line into log entries of this size (`defaultBufSize` of its copier). */
const entryBytes = 16 * 1024
/** `2026-11-21T04:08:00.123456789Z ` and the forms with an offset. */
const longestTimeBytes = 40
const timeShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** The beginnings of lines whose rest has not come. */
export interface Unfinished {
  readonly open: Readonly<Record<LogSource, OpenLine | undefined>>
  readonly head: Readonly<Record<LogSource, Buffer | undefined>>
}

interface OpenLine {
  time: string
  readonly kept: Buffer[]
  keptBytes: number
  totalBytes: number
  lastByte: number
}

/**
 * Makes lines of the engine's bytes, which must carry timestamps (`timestamps=1`). An entry longer than
 * 16 KiB comes as several frames, each with a timestamp of its own that is not part of the line.
 */
export class LogAssembler {
  readonly #open: { [S in LogSource]: OpenLine | undefined } = { stdout: undefined, stderr: undefined }
  /** Bytes of a timestamp that is not complete yet. */
  readonly #head: { [S in LogSource]: Buffer | undefined } = { stdout: undefined, stderr: undefined }
  /** For a TTY: bytes of the entry so far. Without frames, an entry's end is known by its size alone. */
  #entryBytes = 0

  constructor(private readonly onLine: (line: LogLine) => void) {}

  /** One piece of the multiplexed form. */
  pushPiece(piece: Piece): void {
    const { source, bytes } = piece
    const head = this.#head[source]
    if (piece.isFrameStart && !head && !this.#open[source] && this.#wholeLine(source, bytes)) return
    const joined = head ? Buffer.concat([head, bytes]) : bytes
    this.#head[source] = undefined
    if (!piece.isFrameStart && !head) return this.#content(source, joined)
    if (joined.indexOf(0x20) < 0 && joined.length < longestTimeBytes) this.#head[source] = joined
    else this.#entry(source, joined)
  }

  /** A chunk of the raw form that a TTY gives: lines with a timestamp each, all from one source. */
  pushRaw(chunk: Buffer): void {
    const head = this.#head.stdout
    let rest = head ? Buffer.concat([head, chunk]) : chunk
    this.#head.stdout = undefined
    while (rest.length > 0) rest = this.#rawStep(rest)
  }

  /** The stream has ended: what has no newline is a line too. */
  end(): void {
    for (const source of ['stdout', 'stderr'] as const) {
      const head = this.#head[source]
      if (head) this.#content(source, head)
      this.#head[source] = undefined
      if (this.#open[source]) this.#finish(source)
    }
  }

  /** Forgets what is not complete: it comes again when the stream is resumed before it. */
  drop(): void {
    void this.setAside()
  }

  /** Takes out what is not complete, for `putBack` where it does not come again. */
  setAside(): Unfinished {
    const aside = { open: { ...this.#open }, head: { ...this.#head } }
    for (const source of ['stdout', 'stderr'] as const) {
      this.#open[source] = undefined
      this.#head[source] = undefined
    }
    this.#entryBytes = 0
    return aside
  }

  putBack({ open, head }: Unfinished): void {
    Object.assign(this.#open, open)
    Object.assign(this.#head, head)
  }

  #rawStep(bytes: Buffer): Buffer {
    const isEntryStart = this.#open.stdout === undefined || this.#entryBytes >= entryBytes
    if (isEntryStart) {
      if (bytes.indexOf(0x20) < 0 && bytes.length < longestTimeBytes) {
        this.#head.stdout = bytes
        return Buffer.alloc(0)
      }
      this.#entryBytes = 0
      const { time, length } = readTime(bytes)
      this.#start('stdout', time)
      if (length > 0) return bytes.subarray(length)
    }
    const newline = bytes.indexOf(0x0a)
    const end = newline < 0 ? bytes.length : newline
    const taken = Math.min(end, Math.max(1, entryBytes - this.#entryBytes))
    if (newline >= 0 && taken === newline) {
      this.#keep('stdout', bytes.subarray(0, newline))
      this.#finish('stdout')
      this.#entryBytes = 0
      return bytes.subarray(newline + 1)
    }
    this.#keep('stdout', bytes.subarray(0, taken))
    this.#entryBytes += taken
    return bytes.subarray(taken)
  }

  /** One entry that is one whole line, as nearly all are: it needs nothing of what joins pieces. */
  #wholeLine(source: LogSource, bytes: Buffer): boolean {
    const newline = bytes.indexOf(0x0a)
    if (newline < 0 || newline !== bytes.length - 1 || newline > maxLineBytes) return false
    const { time, length } = readTime(bytes)
    if (length > newline) return false
    const end = bytes[newline - 1] === 0x0d && newline > length ? newline - 1 : newline
    this.onLine({ source, time, text: bytes.toString('utf8', length, end) })
    return true
  }

  #entry(source: LogSource, bytes: Buffer): void {
    const { time, length } = readTime(bytes)
    this.#start(source, time)
    this.#content(source, length > 0 ? bytes.subarray(length) : bytes)
  }

  /** A line keeps the time of its first entry. */
  #start(source: LogSource, time: string): void {
    this.#open[source] ??= { time, kept: [], keptBytes: 0, totalBytes: 0, lastByte: 0 }
  }

  #content(source: LogSource, bytes: Buffer): void {
    let from = 0
    for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, from)) {
      this.#keep(source, bytes.subarray(from, at))
      this.#finish(source)
      from = at + 1
    }
    if (from < bytes.length) this.#keep(source, bytes.subarray(from))
  }

  #keep(source: LogSource, bytes: Buffer): void {
    this.#start(source, '')
    const line = this.#open[source] as OpenLine
    line.totalBytes += bytes.length
    line.lastByte = bytes.at(-1) ?? line.lastByte
    const room = maxLineBytes - line.keptBytes
    if (room <= 0 || bytes.length === 0) return
    const kept = bytes.subarray(0, room)
    line.kept.push(kept)
    line.keptBytes += kept.length
  }

  #finish(source: LogSource): void {
    const line = this.#open[source] as OpenLine
    this.#open[source] = undefined
    const bytes = line.kept.length === 1 ? (line.kept[0] as Buffer) : Buffer.concat(line.kept)
    // A TTY ends its lines with a return that is no part of them.
    const totalBytes = line.lastByte === 0x0d ? line.totalBytes - 1 : line.totalBytes
    const isCut = totalBytes > bytes.length
    const end = isCut ? wholeCharacters(bytes) : totalBytes
    const text = bytes.toString('utf8', 0, end)
    this.onLine({ source, time: line.time, text, ...(isCut && { cutBytes: totalBytes }) })
  }
}

/** The timestamp that leads an entry, and its length with the space; none when it is no timestamp. */
function readTime(bytes: Buffer): { time: string; length: number } {
  const space = bytes.indexOf(0x20)
  if (space < 0 || space >= longestTimeBytes) return { time: '', length: 0 }
  const time = bytes.toString('latin1', 0, space)
  return timeShape.test(time) ? { time, length: space + 1 } : { time: '', length: 0 }
}

/** A cut must not fall inside a character: the length without a last one that is not whole. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 4 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number
    if ((byte & 0xc0) === 0x80) continue
    const width = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return width > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}
