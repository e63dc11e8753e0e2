import { randomBytes } from 'node:crypto'
import { fsync } from './host-files'
import type { OpenFile, OpenFiles } from './open-files'

/** A new file's first save is on disk this much later at the latest; a power cut of the host may take it. */
const settleMs = 1_500
const maxPending = 64
/** Files that were made and not saved yet. */
const maxFresh = 4_096

/**
 * When a write is on the host's disk. NFS makes no difference between closing a file and `fsync`: a client asks for
 * both the same way, at every close. Honouring all of them costs a disk flush a file, and installing packages makes
 * files by the ten thousand. So the first save of a file that was just made through us is answered from the host's
 * cache and flushed soon after; every later one (a database's log, an editor's second save) is flushed first.
 */
export class Durability {
  /** Changes with each start: clients then send again what was not committed. */
  readonly verifier = randomBytes(8)
  readonly #fresh = new Set<string>()
  readonly #pending = new Map<OpenFile, NodeJS.Timeout>()

  constructor(private readonly files: OpenFiles) {}

  get pendingFiles(): number {
    return this.#pending.size
  }

  made(key: string): void {
    this.#fresh.add(key)
    const oldest = this.#fresh.values().next()
    if (this.#fresh.size > maxFresh && !oldest.done) this.#fresh.delete(oldest.value)
  }

  async save(file: OpenFile): Promise<void> {
    if (!this.#fresh.delete(file.key)) return fsync(file.fd)
    // Past the bound it is left to the host's own writing back, as for any program that does not ask.
    if (this.#pending.size >= maxPending) return
    const held = this.files.acquireKnown(file.key, 'write')
    if (!held) return
    this.#pending.set(
      held,
      setTimeout(() => void this.#settle(held), settleMs),
    )
  }

  /** Flushes what waits, now. */
  async flush(): Promise<void> {
    await Promise.all([...this.#pending.keys()].map((file) => this.#settle(file)))
  }

  async #settle(file: OpenFile): Promise<void> {
    clearTimeout(this.#pending.get(file))
    if (!this.#pending.delete(file)) return
    // Its client was answered already; the host's log has what a failing disk says.
    await fsync(file.fd).catch(() => undefined)
    this.files.release(file)
  }
}
