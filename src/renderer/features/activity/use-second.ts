import { useEffect, useState } from 'react'

/** The time, moving each second while `isOn` and the window is seen: for durations that run. */
export function useSecond(isOn: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!isOn) return undefined
    const timer = setInterval(() => !document.hidden && setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isOn])
  return now
}
