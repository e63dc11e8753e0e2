import { toWire, type WireError } from '../../../shared/errors'
import type { TerminalInput, TerminalItem, TerminalSession } from '../../../shared/model'
import { log } from '../platform/log'
import { ReplayRing } from './replay-ring'

export interface Size {
  readonly cols: number
  readonly rows: number
}

/** How a shell ended: by its own exit, or because of a problem. */
export interface ShellEnd {
  readonly exitCode?: number
  readonly error?: unknown
}

export interface ShellListener {
  onData(bytes: Uint8Array): void
  /** Once, after the last data. */
  onEnd(end: ShellEnd): void
}

/** A program on a terminal, wherever it runs. */
export interface Shell {
  /** Once: what came before is kept until then. */
  listen(listener: ShellListener): void
  /** Resolves when there is room for more. Never rejects: what cannot be written any more is for nobody. */
  write(bytes: Uint8Array): Promise<void>
  resize(size: Size): void
  /** Output stays with the program until `resume`. */
  pause(): void
  resume(): void
  /** Hangs up, then kills. Resolves when it ended or the ladder's last step is done. */
  kill(): Promise<void>
}

/** Unread bytes at which the program is made to wait, and at which it goes on. */
const pauseAtBytes = 512 * 1024
const resumeAtBytes = 128 * 1024
const itemBytes = 64 * 1024
/** A window that took nothing for so long is as good as gone: a build must not stand still for it. */
const patienceMs = 10_000

interface Reader {
  place: number
  wake: () => void
}

/** A terminal that lives in core. Clients come and go; what they missed is replayed. */
export class Session {
  readonly #ring: ReplayRing
  readonly #readers = new Set<Reader>()
  #info: TerminalSession
  #isPaused = false
  #patience: NodeJS.Timeout | undefined

  constructor(
    info: TerminalSession,
    private readonly shell: Shell,
    private readonly options: { onEnd: () => void; ring?: ReplayRing; patienceMs?: number },
  ) {
    this.#info = info
    this.#ring = options.ring ?? new ReplayRing()
    shell.listen({ onData: (bytes) => this.#take(bytes), onEnd: (end) => this.#finish(end) })
  }

  get info(): TerminalSession {
    return this.#info
  }

  kill(): Promise<void> {
    return this.#info.state === 'ended' ? Promise.resolve() : this.shell.kill()
  }

  /** One client's view: replay, live bytes, and the end. `input` is read for as long as it is attached. */
  async *attach(input: AsyncIterable<TerminalInput>, signal: AbortSignal): AsyncGenerator<TerminalItem> {
    const reader: Reader = { place: 0, wake: () => undefined }
    const stop = (): void => reader.wake()
    signal.addEventListener('abort', stop, { once: true })
    void this.#type(input, signal)
    try {
      yield* this.#replay(reader)
      this.#readers.add(reader)
      while (!signal.aborted) {
        if (reader.place < this.#ring.start) yield* this.#replay(reader)
        const bytes = this.#ring.read(reader.place, itemBytes)
        if (bytes.length === 0) {
          if (this.#info.state === 'ended') {
            yield endOf(this.#info)
            return
          }
          await new Promise<void>((resolve) => (reader.wake = resolve))
          continue
        }
        reader.place += bytes.length
        this.#readerMoved()
        yield bytes
      }
    } finally {
      signal.removeEventListener('abort', stop)
      this.#readers.delete(reader)
      this.#balance()
    }
  }

  /** `replayBytes` tells where the past ends: a terminal must not answer the questions it reads there. */
  *#replay(reader: Reader): Generator<TerminalItem> {
    const { from, before } = this.#ring.replay()
    reader.place = from
    const { cols, rows } = this.#info
    const replayBytes = before.length + this.#ring.end - from
    yield { kind: 'replay', droppedBytes: from, cols, rows, replayBytes }
    if (before.length > 0) yield before
  }

  async #type(input: AsyncIterable<TerminalInput>, signal: AbortSignal): Promise<void> {
    try {
      for await (const item of input) {
        if (signal.aborted || this.#info.state === 'ended') continue
        if (item instanceof Uint8Array) await this.shell.write(item)
        else this.#resize(item)
      }
    } catch (error) {
      // A client that went away in the middle of its input: its stream has told so already.
      log.debug('terminal', 'input ended', { session: this.#info.id, error: String(error) })
    }
  }

  #resize({ cols, rows }: Size): void {
    if (cols === this.#info.cols && rows === this.#info.rows) return
    this.#info = { ...this.#info, cols, rows }
    this.shell.resize({ cols, rows })
  }

  #take(bytes: Uint8Array): void {
    this.#ring.push(bytes)
    this.#wakeAll()
    this.#balance()
  }

  #finish({ exitCode, error }: ShellEnd): void {
    if (this.#info.state === 'ended') return
    clearTimeout(this.#patience)
    const wire: WireError | undefined = error === undefined ? undefined : toWire(error)
    this.#info = {
      ...this.#info,
      state: 'ended',
      ...(exitCode !== undefined && { exitCode }),
      ...(wire && { error: wire }),
    }
    this.#wakeAll()
    this.options.onEnd()
  }

  #wakeAll(): void {
    for (const reader of this.#readers) reader.wake()
  }

  /** The quickest reader sets the pace; slower ones skip what was forgotten. Without readers nobody waits. */
  #balance(): void {
    if (this.#info.state === 'ended') return
    const places = [...this.#readers].map((reader) => reader.place)
    const unread = places.length === 0 ? 0 : this.#ring.end - Math.max(...places)
    if (unread >= pauseAtBytes && !this.#isPaused && !this.#isNeglected) this.#hold()
    else if (unread <= resumeAtBytes && this.#isPaused) this.#release()
  }

  /** Readers are attached, and none took anything for longer than our patience. */
  #isNeglected = false

  #readerMoved(): void {
    this.#isNeglected = false
    this.#patience?.refresh()
    this.#balance()
  }

  #hold(): void {
    this.#isPaused = true
    this.shell.pause()
    this.#patience = setTimeout(() => {
      this.#isNeglected = true
      this.#release()
    }, this.options.patienceMs ?? patienceMs)
  }

  #release(): void {
    clearTimeout(this.#patience)
    this.#patience = undefined
    this.#isPaused = false
    this.shell.resume()
  }
}

const endOf = ({ exitCode, error }: TerminalSession): TerminalItem => ({
  kind: 'ended',
  ...(exitCode !== undefined && { exitCode }),
  ...(error && { error }),
})
