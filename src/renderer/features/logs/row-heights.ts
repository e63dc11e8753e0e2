/** Rows whose heights are summed together: finding a row reads one sum per block and one block. */
const blockRows = 256

/**
 * Heights of a long list that grows at its end and shrinks at its beginning: where each row stands, and
 * which row stands at a given place. Heights begin as estimates and are corrected when measured.
 */
export class RowHeights {
  #heights: number[] = []
  #sums: number[] = []
  /** Dropped rows that still have a place in the arrays: always less than what compaction allows. */
  #start = 0
  #total = 0

  get length(): number {
    return this.#heights.length - this.#start
  }
  get total(): number {
    return this.#total
  }

  push(height: number): void {
    const block = Math.floor(this.#heights.length / blockRows)
    this.#heights.push(height)
    this.#sums[block] = (this.#sums[block] ?? 0) + height
    this.#total += height
  }

  /** Answers how high the dropped rows were together. */
  dropHead(count: number): number {
    const end = Math.min(this.#start + count, this.#heights.length)
    let gone = 0
    for (let i = this.#start; i < end; i++) {
      const height = this.#heights[i] as number
      gone += height
      this.#heights[i] = 0
      this.#change(i, -height)
    }
    this.#start = end
    this.#compact()
    return gone
  }

  heightOf(index: number): number {
    return this.#heights[this.#start + index] ?? 0
  }

  /** Answers by how much the row grew. */
  set(index: number, height: number): number {
    const at = this.#start + index
    const before = this.#heights[at]
    if (index < 0 || before === undefined) return 0
    this.#heights[at] = height
    this.#change(at, height - before)
    return height - before
  }

  /** Top of the row, in px from the top of the first row. */
  offsetOf(index: number): number {
    const at = Math.min(this.#start + index, this.#heights.length)
    const block = Math.floor(at / blockRows)
    let offset = 0
    for (let b = 0; b < block; b++) offset += this.#sums[b] as number
    for (let i = block * blockRows; i < at; i++) offset += this.#heights[i] as number
    return offset
  }

  /** The row that covers `offset`; the nearest when it is outside. */
  indexAt(offset: number): number {
    let left = Math.max(0, offset)
    let block = 0
    while (block < this.#sums.length - 1 && left >= (this.#sums[block] as number)) {
      left -= this.#sums[block] as number
      block++
    }
    let at = block * blockRows
    while (at < this.#heights.length - 1 && left >= (this.#heights[at] as number)) {
      left -= this.#heights[at] as number
      at++
    }
    return Math.max(0, at - this.#start)
  }

  clear(): void {
    this.#heights = []
    this.#sums = []
    this.#start = 0
    this.#total = 0
  }

  #change(at: number, by: number): void {
    const block = Math.floor(at / blockRows)
    this.#sums[block] = (this.#sums[block] as number) + by
    this.#total += by
  }

  #compact(): void {
    const blocks = Math.floor(this.#start / blockRows)
    if (blocks < 16 || this.#start * 2 < this.#heights.length) return
    this.#heights = this.#heights.slice(blocks * blockRows)
    this.#sums = this.#sums.slice(blocks)
    this.#start -= blocks * blockRows
  }
}
