/** Ascending sequence numbers that grow at the end and are forgotten at the beginning. */
export class SeqList {
  #items: number[] = []
  #start = 0

  get length(): number {
    return this.#items.length - this.#start
  }

  at(index: number): number | undefined {
    return index < 0 ? undefined : this.#items[this.#start + index]
  }

  push(seq: number): void {
    this.#items.push(seq)
  }

  /** Forgets what is below `seq` and answers how many went. */
  dropBefore(seq: number): number {
    const count = this.firstAtOrAfter(seq)
    this.#start += count
    if (this.#start > 4096 && this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start)
      this.#start = 0
    }
    return count
  }

  /** Index of the first number that is not below `seq`; `length` when there is none. */
  firstAtOrAfter(seq: number): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.at(middle) as number) < seq) low = middle + 1
      else high = middle
    }
    return low
  }

  has(seq: number): boolean {
    return this.at(this.firstAtOrAfter(seq)) === seq
  }

  clear(): void {
    this.#items = []
    this.#start = 0
  }
}
