import { readFileSync, writeFileSync, appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Emitter } from '../../../../../shared/std/emitter'
import { Ring } from '../../../../../shared/std/ring'
import { log } from '../../../platform/log'

/** What is kept in memory, and what the file is cut back to once it is longer than the limit. */
const keptBytes = 1024 * 1024
const fileLimitBytes = 4 * 1024 * 1024

/** A serial console whose hypervisor writes no file itself: keeps it in one, and tells it from the start. */
export class ConsoleFile {
  readonly #said = new Emitter<Uint8Array>()
  readonly #kept = new Ring<Uint8Array>(keptBytes, (bytes) => bytes.length)
  #fileBytes = 0
  #canWrite = true

  /** `goesOn`: of a VM that another core started, so what the file has is this run's. */
  constructor(
    private readonly path: string,
    { goesOn }: { goesOn: boolean },
  ) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const before = goesOn ? readOrNothing(path) : Buffer.alloc(0)
    if (before.length > 0) this.#kept.push(before.subarray(-keptBytes))
    this.#write(before, 'anew')
  }

  push(bytes: Uint8Array): void {
    this.#kept.push(bytes)
    if (this.#fileBytes + bytes.length > fileLimitBytes)
      this.#write(Buffer.concat(this.#kept.toArray()), 'anew')
    else this.#write(bytes, 'more')
    this.#said.emit(bytes)
  }

  /** What was said so far, then what comes. Returns the undo. */
  listen(listener: (bytes: Uint8Array) => void): () => void {
    for (const bytes of this.#kept.toArray()) listener(bytes)
    return this.#said.on(listener)
  }

  /** What is kept of it. */
  text(): string {
    return Buffer.concat(this.#kept.toArray()).toString('latin1')
  }

  /** At once: a console says little, and the last line before a crash is the one that matters. */
  #write(bytes: Uint8Array, how: 'anew' | 'more'): void {
    if (!this.#canWrite) return
    try {
      if (how === 'anew') writeFileSync(this.path, bytes, { mode: 0o600 })
      else appendFileSync(this.path, bytes)
      this.#fileBytes = how === 'anew' ? bytes.length : this.#fileBytes + bytes.length
    } catch (error) {
      // A full disk must not end the VM's console in the window.
      this.#canWrite = false
      log.warn('machines', 'the console is kept in memory only', { path: this.path, error: String(error) })
    }
  }
}

function readOrNothing(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}
