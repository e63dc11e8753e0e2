import { useEffect, useState } from 'react'
import type { Container } from '../../../../shared/model'
import { onReadings } from '../../../store/stats'
import type { TableLayout } from '../../../ui'

/** Faster than a person reads, rows only flicker. */
const leastPauseMs = 2000

export const isLiveSort = ({ sort }: TableLayout): boolean =>
  sort?.column === 'cpu' || sort?.column === 'memory'

/** Under the pointer stands a button of one row: it must not become another row's. */
const isAiming = (): boolean => document.querySelector('.data-table__actions:hover') !== null

/**
 * The rows, as a new list whenever fresh readings may have changed their order, so that the table sorts
 * them anew. The same list while they are not sorted by what is live.
 */
export function useLiveOrder(rows: readonly Container[], isLive: boolean): readonly Container[] {
  const [fresh, setFresh] = useState({ of: rows, rows })
  useEffect(() => {
    if (!isLive) return undefined
    let lastMs = -leastPauseMs
    return onReadings(() => {
      if (performance.now() - lastMs < leastPauseMs || isAiming()) return
      lastMs = performance.now()
      setFresh({ of: rows, rows: [...rows] })
    })
  }, [rows, isLive])
  return isLive && fresh.of === rows ? fresh.rows : rows
}
