/** Who looks away for a moment finds everything as it is; a window that stays hidden costs nothing. */
const hiddenMs = 30_000

/** Runs `start` while the window is seen, and for half a minute after. Returns what stops it for good. */
export function whileSeen(start: () => () => void): () => void {
  let stop: (() => void) | undefined = start()
  let timer: ReturnType<typeof setTimeout> | undefined
  const end = (): void => {
    stop?.()
    stop = undefined
  }
  const look = (): void => {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(end, hiddenMs)
    else stop ??= start()
  }
  look()
  document.addEventListener('visibilitychange', look)
  return () => {
    document.removeEventListener('visibilitychange', look)
    clearTimeout(timer)
    end()
  }
}
