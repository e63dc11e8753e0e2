import { useEffect, useState } from 'react'

/** Often enough that a bar moves, rarely enough that it costs nothing. */
const tickMs = 250

/** Ms since `startedAt` (epoch), moving while `isOn` and somebody looks. */
export function useElapsed(startedAt: number, isOn: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isOn) return undefined
    const tick = (): void => {
      if (!document.hidden) setNow(Date.now())
    }
    tick()
    const timer = setInterval(tick, tickMs)
    return () => clearInterval(timer)
  }, [isOn, startedAt])
  return Math.max(0, now - startedAt)
}
