/** Keeps what was used last, as long as all of it together weighs no more than the limit. The newest always stays. */
export class Kept<T> {
  readonly #items = new Map<string, { readonly value: T; readonly weight: number }>()
  #weight = 0

  constructor(private readonly limit: number) {}

  get(key: string): T | undefined {
    const item = this.#items.get(key)
    if (!item) return undefined
    this.#items.delete(key)
    this.#items.set(key, item)
    return item.value
  }

  set(key: string, value: T, weight: number): void {
    this.delete(key)
    this.#items.set(key, { value, weight })
    this.#weight += weight
    for (const oldest of this.#items.keys()) {
      if (this.#weight <= this.limit || oldest === key) return
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const item = this.#items.get(key)
    if (!item) return
    this.#items.delete(key)
    this.#weight -= item.weight
  }
}
