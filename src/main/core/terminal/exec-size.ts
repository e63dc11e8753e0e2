import { isCode } from '../../../shared/errors'
import type { EngineClient } from '../engine/engine'
import { log } from '../platform/log'
import { pause } from '../platform/wait-for'
import type { Size } from './session'

const tries = 20
const betweenTriesMs = 50

/**
 * Tells an exec its size: one request at a time and always the newest size, so that a fast row of resizes
 * ends with the right one. Right after the start the engine may still refuse: it is tried again.
 */
export class ExecSize {
  #wanted: Size | undefined
  #isSending = false
  readonly #closing = new AbortController()

  constructor(
    private readonly engine: EngineClient,
    private readonly exec: string,
  ) {}

  set(size: Size): void {
    this.#wanted = size
    if (!this.#isSending) void this.#send()
  }

  close(): void {
    this.#closing.abort()
  }

  async #send(): Promise<void> {
    this.#isSending = true
    while (this.#wanted && !this.#closing.signal.aborted) {
      const size = this.#wanted
      this.#wanted = undefined
      await this.#tell(size)
    }
    this.#isSending = false
  }

  async #tell({ cols, rows }: Size): Promise<void> {
    const { signal } = this.#closing
    for (let n = 0; n < tries && !signal.aborted && !this.#wanted; n++) {
      try {
        await this.engine.json({
          method: 'POST',
          path: `/exec/${this.exec}/resize`,
          query: { h: rows, w: cols },
          timeoutMs: 15_000,
          signal,
        })
        return
      } catch (error) {
        // It ended meanwhile: there is nothing left to resize.
        if (isCode(error, 'object.not-found', 'object.conflict', 'cancelled')) return
        log.debug('terminal', 'resize refused', { exec: this.exec, error: String(error) })
        await pause(betweenTriesMs, signal).catch(() => undefined)
      }
    }
  }
}
