import type { ClientStream } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import type { TerminalEnd, TerminalInput, TerminalItem } from '../../../shared/model'
import { ReplaySplit } from './split-replay'
import type { Size } from './screen'

/** The part of a screen that a stream writes to. */
export interface Surface {
  restart(size: Size): void
  write(bytes: Uint8Array, isPast: boolean): Promise<void>
  fit(): void
}

export interface AttachmentEvents {
  /** What is on screen is what core has: from now on keys go to the program. */
  readonly onLive: (droppedBytes: number) => void
  readonly onEnd: (end: TerminalEnd) => void
  readonly onLost: (error: AppError) => void
}

/** A screen joined to a session in core. Bytes are acknowledged when they are drawn. */
export class Attachment {
  readonly #stream: ClientStream<TerminalItem, TerminalInput>
  readonly #split = new ReplaySplit()
  #isClosed = false
  #droppedBytes = 0

  constructor(
    open: () => ClientStream<TerminalItem, TerminalInput>,
    private readonly surface: Surface,
    private readonly events: AttachmentEvents,
  ) {
    this.#stream = open()
    this.#read().catch((error: unknown) => this.#lost(error))
  }

  send(input: TerminalInput): void {
    if (this.#isClosed) return
    this.#stream.send(input).catch((error: unknown) => this.#lost(error))
  }

  close(): void {
    this.#isClosed = true
    this.#stream.cancel()
  }

  async #read(): Promise<void> {
    for await (const item of this.#stream) {
      if (this.#isClosed) return
      if (item instanceof Uint8Array) await this.#draw(item)
      else if (item.kind === 'replay') {
        this.surface.restart(item)
        this.#droppedBytes = item.droppedBytes
        this.#split.begin(item.replayBytes)
        if (!this.#split.isPast) this.#live()
      } else return this.#end(item)
    }
    this.#lost(new AppError('core.gone', 'The terminal’s stream ended'))
  }

  /** Keys on their way to a program that has ended are refused: that is no news any more. */
  #end(end: TerminalEnd): void {
    this.#isClosed = true
    this.events.onEnd(end)
  }

  async #draw(bytes: Uint8Array): Promise<void> {
    const wasPast = this.#split.isPast
    const { past, live } = this.#split.split(bytes)
    await this.surface.write(past, true)
    if (wasPast && !this.#split.isPast) this.#live()
    await this.surface.write(live, false)
  }

  /** Only now the size: what was kept is drawn in the size that it was written in. */
  #live(): void {
    if (this.#isClosed) return
    this.surface.fit()
    this.events.onLive(this.#droppedBytes)
  }

  #lost(error: unknown): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#stream.cancel()
    this.events.onLost(
      error instanceof AppError
        ? error
        : new AppError('bug', 'Something went wrong inside Slipway', { cause: error }),
    )
  }
}
