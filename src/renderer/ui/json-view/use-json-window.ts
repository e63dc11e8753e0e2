import { observeElementRect, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { useCallback, type RefObject } from 'react'

const lineHeight = 20
const overscan = 20

export interface JsonWindow {
  readonly lines: readonly VirtualItem[]
  readonly height: number
  readonly scrollTo: (index: number) => void
}

/** Which lines of the tree are on screen. A box without a size (not laid out yet) counts as 600 px high. */
export function useJsonWindow(count: number, box: RefObject<HTMLElement | null>): JsonWindow {
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan,
    initialRect: { width: 800, height: 600 },
    observeElementRect: (instance, changed) =>
      observeElementRect(instance, (rect) => rect.height > 0 && changed(rect)),
  })
  const scrollTo = useCallback((index: number) => virtualizer.scrollToIndex(index), [virtualizer])
  return {
    lines: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    scrollTo,
  }
}
