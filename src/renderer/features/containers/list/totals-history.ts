import { useSyncExternalStore } from 'react'
import type { StatSample } from '../../../../shared/model'
import { Emitter } from '../../../../shared/std/emitter'

export const keptMinutes = 5
/** A little more often than once a second at worst. */
const keptReadings = keptMinutes * 60

/** CPU and memory of all containers that run, over the last minutes. Parallel, oldest first. */
export interface Totals {
  /** Unix seconds, of this window's clock: engines have clocks of their own. */
  readonly times: readonly number[]
  readonly cpuPercent: readonly number[]
  readonly memoryBytes: readonly number[]
  /** The newest reading of each. */
  readonly latest: readonly StatSample[]
}

const none: Totals = { times: [], cpuPercent: [], memoryBytes: [], latest: [] }

/** Kept by the page, so that the header's numbers and the overview below it are the same, and the page is not drawn with each. */
export class TotalsHistory {
  #totals = none
  readonly #changed = new Emitter<void>()

  take(readings: readonly StatSample[], nowMs = Date.now()): void {
    if (readings.length === 0) return
    const { times, cpuPercent, memoryBytes } = this.#totals
    this.#totals = {
      times: [...times, nowMs / 1000].slice(-keptReadings),
      cpuPercent: [...cpuPercent, sum(readings.map((one) => one.cpuPercent))].slice(-keptReadings),
      memoryBytes: [...memoryBytes, sum(readings.map((one) => one.memoryBytes))].slice(-keptReadings),
      latest: readings,
    }
    this.#changed.emit()
  }

  /** Nothing runs any more, or nothing reads it. */
  clear(): void {
    this.#totals = none
    this.#changed.emit()
  }

  readonly get = (): Totals => this.#totals
  readonly subscribe = (listener: () => void): (() => void) => this.#changed.on(listener)
}

export const useTotals = (history: TotalsHistory): Totals =>
  useSyncExternalStore(history.subscribe, history.get)

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
