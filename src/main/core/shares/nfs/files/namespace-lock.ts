/**
 * Keeps names still while they are used. A call that goes by a path checks that its folder is the one it was
 * handed out for, and then acts; were a client able to put a link in the folder's place between the two, the
 * act would land outside of the share. All that can put a link somewhere (SYMLINK, RENAME, LINK) runs alone; the
 * rest runs side by side. One lock for all machines, as they may share the same folders.
 */
export class NamespaceLock {
  #sharers = 0
  #isAlone = false
  readonly #waiting: { isAlone: boolean; go: () => void }[] = []

  async shared<T>(run: () => Promise<T>): Promise<T> {
    await this.#enter(false)
    try {
      return await run()
    } finally {
      this.#sharers--
      this.#admit()
    }
  }

  async alone<T>(run: () => Promise<T>): Promise<T> {
    await this.#enter(true)
    try {
      return await run()
    } finally {
      this.#isAlone = false
      this.#admit()
    }
  }

  #enter(isAlone: boolean): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ isAlone, go })
      this.#admit()
    })
  }

  /** In the order of coming: neither kind can be kept waiting for ever by the other. */
  #admit(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (this.#isAlone || (next.isAlone && this.#sharers > 0)) return
      this.#waiting.shift()
      if (next.isAlone) this.#isAlone = true
      else this.#sharers++
      next.go()
    }
  }
}
