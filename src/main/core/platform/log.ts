import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { toPlain } from './log-text'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
const rank: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }

/** A file is renamed to `.1` past this size, and so on up to `.3`: 20 MB in all. */
const maxFileBytes = 5_000_000
const keptFiles = 3

type Facts = Readonly<Record<string, unknown>>

class Log {
  #fd: number | undefined
  #path = ''
  #size = 0
  #level: LogLevel = 'info'
  #mirror = false

  /** Writes to `path` from now on. A folder that cannot be written leaves the log to the console's stderr. */
  open(path: string, options: { level?: LogLevel; mirror?: boolean } = {}): void {
    this.close()
    this.#level = options.level ?? 'info'
    this.#mirror = options.mirror ?? false
    this.#path = path
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      this.#openFile()
    } catch {
      this.#mirror = true
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  debug(area: string, text: string, facts?: Facts): void {
    this.#write('debug', [area, text, facts])
  }
  info(area: string, text: string, facts?: Facts): void {
    this.#write('info', [area, text, facts])
  }
  warn(area: string, text: string, facts?: Facts): void {
    this.#write('warn', [area, text, facts])
  }
  error(area: string, text: string, facts?: Facts): void {
    this.#write('error', [area, text, facts])
  }

  #write(level: LogLevel, [area, text, facts]: [string, string, Facts | undefined]): void {
    if (rank[level] < rank[this.#level]) return
    const line = `${new Date().toISOString()} ${level} ${area}: ${toPlain(text, facts)}\n`
    if (this.#mirror) console.error(line.trimEnd())
    if (this.#fd === undefined) return
    // Synchronous, so that the line before a crash is on disk. Lines are few: no flood passes here.
    try {
      this.#size += writeSync(this.#fd, line)
      if (this.#size > maxFileBytes) this.#rotate()
    } catch {
      // A full disk must not take the app down with its log.
      this.#mirror = true
    }
  }

  #openFile(): void {
    this.#fd = openSync(this.#path, 'a', 0o600)
    this.#size = fstatSync(this.#fd).size
  }

  #rotate(): void {
    this.close()
    rmSync(`${this.#path}.${keptFiles}`, { force: true })
    for (let n = keptFiles - 1; n >= 0; n--) {
      try {
        renameSync(n === 0 ? this.#path : `${this.#path}.${n}`, `${this.#path}.${n + 1}`)
      } catch {
        // That many are not there yet.
      }
    }
    this.#openFile()
  }
}

/** The one log of this process: `log.info('machines', 'engine started', { pid })`. */
export const log = new Log()
