import { watch, type FSWatcher } from 'node:fs'
import { open, rename, truncate, writeFile } from 'node:fs/promises'

/** QEMU appends to it for as long as it runs: what a guest says must not fill the host's disk. */
const maxBytes = 4 * 1024 * 1024
const readBytes = 64 * 1024
/** The watcher tells of most changes at once; this finds what it missed. */
const lookEveryMs = 500

/** Begins a new console for a run; the last run's is kept beside it. */
export async function newConsoleFile(path: string, before: string): Promise<void> {
  await rename(path, before).catch(() => undefined)
  await writeFile(path, '', { mode: 0o600 })
}

/** A guest that goes on after a resume says nothing of itself: what it said before stands on. */
export async function sameConsoleFile(path: string): Promise<void> {
  await (await open(path, 'a', 0o600)).close()
}

/**
 * Reads a console that a hypervisor writes to a file, as it grows: nothing is lost while no core is there, and a
 * core that hangs does not hold the guest up.
 */
export class ConsoleTail {
  readonly #listeners = new Set<(bytes: Uint8Array) => void>()
  readonly #kept: Uint8Array[] = []
  #at = 0
  #reading = false
  #isDue = false
  #watcher: FSWatcher | undefined
  readonly #timer: NodeJS.Timeout
  #idle: (() => void)[] = []

  constructor(private readonly path: string) {
    this.#timer = setInterval(() => this.#look(), lookEveryMs)
    this.#timer.unref()
    try {
      this.#watcher = watch(path, () => this.#look())
      this.#watcher.on('error', () => this.#watcher?.close())
    } catch {
      // The timer is enough.
    }
    this.#look()
  }

  /** What was said so far, then what comes. Returns the undo. */
  listen(listener: (bytes: Uint8Array) => void): () => void {
    for (const bytes of this.#kept) listener(bytes)
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Resolves when all that is in the file now has been told. */
  async drained(): Promise<void> {
    this.#look()
    if (this.#reading) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  close(): void {
    clearInterval(this.#timer)
    this.#watcher?.close()
    this.#listeners.clear()
  }

  #look(): void {
    this.#isDue = true
    if (!this.#reading) void this.#read()
  }

  async #read(): Promise<void> {
    this.#reading = true
    while (this.#isDue) {
      this.#isDue = false
      await this.#readOn().catch(() => undefined)
    }
    this.#reading = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  async #readOn(): Promise<void> {
    const file = await open(this.path, 'r')
    try {
      const { size } = await file.stat()
      // Cut by us or by somebody else: what follows begins at the front.
      if (size < this.#at) this.#at = 0
      const chunk = Buffer.allocUnsafe(readBytes)
      for (;;) {
        const { bytesRead } = await file.read(chunk, 0, readBytes, this.#at)
        if (bytesRead === 0) break
        this.#at += bytesRead
        this.#tell(Uint8Array.from(chunk.subarray(0, bytesRead)))
      }
    } finally {
      await file.close()
    }
    if (this.#at > maxBytes) await this.#cut()
  }

  #tell(bytes: Uint8Array): void {
    this.#kept.push(bytes)
    let size = this.#kept.reduce((sum, each) => sum + each.length, 0)
    while (size > maxBytes / 4 && this.#kept.length > 1) size -= this.#kept.shift()?.length ?? 0
    for (const listener of [...this.#listeners]) listener(bytes)
  }

  /** QEMU appends: emptying the file under it is safe. */
  async #cut(): Promise<void> {
    await truncate(this.path, 0)
    this.#at = 0
  }
}
