/** Remembers the newest `limit` things; the oldest are forgotten. */
export class Recent<T> {
  readonly #items = new Map<string, T>()

  constructor(private readonly limit: number) {}

  get(key: string): T | undefined {
    return this.#items.get(key)
  }

  set(key: string, item: T): void {
    this.#items.delete(key)
    this.#items.set(key, item)
    const oldest = this.#items.keys().next()
    if (this.#items.size > this.limit && !oldest.done) this.#items.delete(oldest.value)
  }

  delete(key: string): void {
    this.#items.delete(key)
  }
}
