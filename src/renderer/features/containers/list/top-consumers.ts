import { keyOf, type StatSample } from '../../../../shared/model'

export type Measure = 'cpuPercent' | 'memoryBytes'

export interface Top {
  /** `keyOf` of the container. */
  readonly key: string
  readonly value: number
  /** Of the greatest: 0 to 1. */
  readonly share: number
}

const shown = 5

/** Who takes the most, the greatest first; who takes nothing is not among them. */
export function topOf(latest: readonly StatSample[], measure: Measure): readonly Top[] {
  const sorted = latest.filter((one) => one[measure] > 0).sort((a, b) => b[measure] - a[measure])
  const most = sorted[0]?.[measure] ?? 0
  return sorted.slice(0, shown).map((one) => ({
    ...{ key: keyOf(one), value: one[measure], share: one[measure] / most },
  }))
}
