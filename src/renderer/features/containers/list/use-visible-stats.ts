import { useEffect, useRef, useState } from 'react'
import { keyOf, type Container } from '../../../../shared/model'
import { watchStats } from '../../../store/stats'

/** The contract's own limit. */
const watchedAtMost = 2000

/**
 * Watches the live readings of the running containers among the rows on screen; of all rows when they
 * stand in the order of their readings. Returns what to hand to the table as `onVisible`.
 */
export function useVisibleStats(
  rows: readonly Container[],
  isAll: boolean,
): (visible: readonly Container[]) => void {
  const [visible, setVisible] = useState<readonly Container[]>([])
  const keys = new Set(visible.map(keyOf))
  const refs = rows
    .filter((one) => one.state === 'running' && (isAll || keys.has(keyOf(one))))
    .slice(0, watchedAtMost)
  // As text, so that a new but equal set does not ask again.
  const wanted = JSON.stringify(refs.map(({ engine, id }) => ({ engine, id })))
  const stop = useRef<() => void>(undefined)
  useEffect(() => {
    // The new set first: a container in both is never let go, and so keeps its curve.
    const next = watchStats(JSON.parse(wanted) as typeof refs)
    stop.current?.()
    stop.current = next
  }, [wanted])
  useEffect(
    () => () => {
      stop.current?.()
      stop.current = undefined
    },
    [],
  )
  return setVisible
}
