import { log } from '../../../platform/log'
import { withSignal } from '../../../platform/with-signal'
import type { HyperV } from '../hyperv'

/**
 * Gives back to the host what guests have discarded: Hyper-V does that for a disk that no VM has, and it may take
 * minutes. So it comes some time after a VM was turned off, a start before that calls it off, and one that comes
 * in the middle of it waits.
 */
export class DiskShrinker {
  readonly #planned = new Map<string, NodeJS.Timeout>()
  readonly #running = new Map<string, Promise<void>>()

  constructor(
    /** Of its own: whoever asks something else does not wait for it. */
    private readonly hyperV: Pick<HyperV, 'shrink'>,
    private readonly afterMs: number,
  ) {}

  plan(path: string): void {
    clearTimeout(this.#planned.get(path))
    this.#planned.set(path, setTimeout(() => this.#begin(path), this.afterMs).unref())
  }

  /** Resolves when nobody has the disk open for this, nor will have. */
  async leave(path: string, signal?: AbortSignal): Promise<void> {
    clearTimeout(this.#planned.get(path))
    this.#planned.delete(path)
    const running = this.#running.get(path)
    if (running) await (signal ? withSignal(running, signal) : running)
  }

  #begin(path: string): void {
    this.#planned.delete(path)
    const running = this.hyperV
      .shrink(path)
      .catch((error: unknown) =>
        log.info('machines', 'a disk was not made smaller', { path, error: String(error) }),
      )
      .finally(() => this.#running.delete(path))
    this.#running.set(path, running)
  }
}
