/** Announces what happened. Listeners are called in the order they subscribed. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>()

  /** Subscribes and returns the undo. */
  on(listener: (value: T) => void): () => void {
    const own = (value: T): void => listener(value)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value)
  }

  get size(): number {
    return this.#listeners.size
  }
}
