import { type RefObject, useLayoutEffect, useState } from 'react'
import type { RowMeasure } from './log-rows'

export const rowPx = 18
/** `12-31 23:59:59.999` and its gap, in characters. */
const timeColumns = 20
/** The bar before a line and the room after it, in px: as in log-row.css. */
const aroundPx = 28

export interface Viewport {
  readonly heightPx: number
  readonly widthPx: number
  readonly charPx: number
}

/** How big the list and a character are. Follows the pane, the zoom and the font. */
export function useViewport(
  scroller: RefObject<HTMLElement | null>,
  probe: RefObject<HTMLElement | null>,
): Viewport {
  const [viewport, setViewport] = useState<Viewport>({ heightPx: 0, widthPx: 0, charPx: 0 })
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return undefined
    const measure = (): void => {
      const chars = probe.current
      const charPx = chars ? chars.getBoundingClientRect().width / (chars.textContent ?? '').length : 0
      setViewport({ heightPx: element.clientHeight, widthPx: element.clientWidth, charPx })
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    if (probe.current) observer.observe(probe.current)
    measure()
    return () => observer.disconnect()
  }, [scroller, probe])
  return viewport
}

/** How many characters of text fit in a row. */
export function measureOf(viewport: Viewport, look: { isWrapped: boolean; hasTimes: boolean }): RowMeasure {
  if (!look.isWrapped || viewport.charPx <= 0) return { rowPx, columns: 0 }
  const free = viewport.widthPx - aroundPx - (look.hasTimes ? timeColumns * viewport.charPx : 0)
  return { rowPx, columns: Math.max(1, Math.floor(free / viewport.charPx)) }
}
