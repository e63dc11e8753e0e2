import { useEffect, useState } from 'react'
import type { ObjectRef, StatSample } from '../../../../shared/model'
import { useStats, watchStats } from '../../../store/stats'
import { extend } from './series'

export const spanMinutes = 10
const spanMs = spanMinutes * 60_000

/** The readings since this view is open, at most the last ten minutes. Watches while `isOn`. */
export function useHistory({ engine, id }: ObjectRef, isOn: boolean): readonly StatSample[] {
  const samples = useStats({ engine, id })
  const [kept, setKept] = useState({ samples, history: samples })
  // The store keeps two minutes; what it forgets stays here.
  if (kept.samples !== samples) setKept({ samples, history: extend(kept.history, samples, spanMs) })
  useEffect(() => (isOn ? watchStats([{ engine, id }]) : undefined), [engine, id, isOn])
  return kept.history
}
