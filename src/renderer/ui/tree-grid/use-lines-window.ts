import { observeElementRect, useVirtualizer } from '@tanstack/react-virtual'
import type { RefObject } from 'react'
import type { TreeLine } from './tree-line'

export const rowHeight = 26
const headHeight = 28

/** Which lines of a tree are on screen, and how many fit. */
export function useLinesWindow<T>(lines: readonly TreeLine<T>[], box: RefObject<HTMLElement | null>) {
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 8,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    // A box that is not laid out yet counts as 600 px high.
    initialRect: { width: 800, height: 600 },
    observeElementRect: (instance, changed) =>
      observeElementRect(instance, (rect) => rect.height > 0 && changed(rect)),
  })
  return {
    items: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    pageSize: Math.max(1, Math.floor(((virtualizer.scrollRect?.height ?? 600) - headHeight) / rowHeight) - 1),
    scrollTo: (index: number) => virtualizer.scrollToIndex(index),
  }
}
