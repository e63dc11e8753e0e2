import type { InventoryItem } from '../../../shared/model'

/** A reader this far behind is better served by one snapshot. */
const maxItems = 64
const maxRows = 5_000

/**
 * What one reader has still to get. Its memory is bounded: a reader that falls behind loses the items that
 * wait and is owed a snapshot in their place.
 */
export class Feed {
  #items: InventoryItem[] = []
  #rows = 0
  #isBehind = true
  #wake: (() => void) | undefined

  /** True from the start and after falling behind, until `caughtUp`. */
  get isBehind(): boolean {
    return this.#isBehind
  }

  push(item: InventoryItem): void {
    if (this.#isBehind) return this.#wake?.()
    this.#items.push(item)
    this.#rows += rowsIn(item)
    if (this.#items.length > maxItems || this.#rows > maxRows) this.#fallBehind()
    this.#wake?.()
  }

  /** A snapshot of this moment was given: what comes from now on follows it. */
  caughtUp(): void {
    this.#isBehind = false
    this.#items = []
    this.#rows = 0
  }

  take(): InventoryItem | undefined {
    const item = this.#items.shift()
    if (item) this.#rows -= rowsIn(item)
    return item
  }

  /** Resolves when there is something to take, or the signal ends. */
  async ready(signal: AbortSignal): Promise<void> {
    if (this.#items.length > 0 || this.#isBehind || signal.aborted) return
    await new Promise<void>((resolve) => {
      this.#wake = () => {
        signal.removeEventListener('abort', resolveNow)
        resolve()
      }
      const resolveNow = (): void => resolve()
      signal.addEventListener('abort', resolveNow, { once: true })
    })
    this.#wake = undefined
  }

  #fallBehind(): void {
    this.#isBehind = true
    this.#items = []
    this.#rows = 0
  }
}

function rowsIn(item: InventoryItem): number {
  if (item.kind === 'deltas')
    return item.deltas.reduce((sum, delta) => sum + delta.put.length + delta.drop.length, 0)
  return item.kind === 'slices' ? item.slices.reduce((sum, slice) => sum + slice.rows.length, 0) : 1
}
