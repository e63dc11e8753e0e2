/**
 * Tells the past from the present in what an attached terminal sends: a program's questions in the past
 * were answered then, and must not be answered again.
 */
export class ReplaySplit {
  #left = 0

  /** The next `bytes` are of the past. Absent: how many is not known, so the next item is. */
  begin(bytes: number | undefined): void {
    this.#left = bytes ?? Infinity
  }

  /** What of these bytes is past, and what is live. */
  split(bytes: Uint8Array): { readonly past: Uint8Array; readonly live: Uint8Array } {
    if (this.#left === Infinity) this.#left = bytes.byteLength
    const cut = Math.min(this.#left, bytes.byteLength)
    this.#left -= cut
    return { past: bytes.subarray(0, cut), live: bytes.subarray(cut) }
  }

  get isPast(): boolean {
    return this.#left > 0
  }
}
