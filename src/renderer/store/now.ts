import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
const tickMs = 15_000
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function tick(): void {
  if (document.hidden) return
  now = Date.now()
  for (const listener of [...listeners]) listener()
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed)
  if (listeners.size === 1) {
    now = Date.now()
    timer = setInterval(tick, tickMs)
    document.addEventListener('visibilitychange', tick)
  }
  return () => {
    listeners.delete(changed)
    if (listeners.size > 0) return
    clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
  }
}

/** The time for ages on screen: moves every 15 s while somebody looks, costs nothing otherwise. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now)
