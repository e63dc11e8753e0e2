/** A list that forgets its oldest items once the sum of their sizes passes `capacity`. */
export class Ring<T> {
  #items: T[] = []
  #start = 0
  #size = 0
  #dropped = 0

  constructor(
    private readonly capacity: number,
    private readonly sizeOf: (item: T) => number,
  ) {}

  push(item: T): void {
    this.#items.push(item)
    this.#size += this.sizeOf(item)
    while (this.#size > this.capacity && this.length > 1) this.#forget()
  }

  get length(): number {
    return this.#items.length - this.#start
  }

  /** The sum of the sizes of what is kept. */
  get size(): number {
    return this.#size
  }

  /** How many items were forgotten since the start. */
  get dropped(): number {
    return this.#dropped
  }

  at(index: number): T | undefined {
    return index < 0 ? undefined : this.#items[this.#start + index]
  }

  toArray(): T[] {
    return this.#items.slice(this.#start)
  }

  clear(): void {
    this.#items = []
    this.#start = 0
    this.#size = 0
  }

  #forget(): void {
    const oldest = this.#items[this.#start] as T
    this.#items[this.#start] = undefined as T
    this.#start++
    this.#dropped++
    this.#size -= this.sizeOf(oldest)
    // Compact now and then, so that forgetting stays cheap and memory follows what is kept.
    if (this.#start > 1024 && this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start)
      this.#start = 0
    }
  }
}
