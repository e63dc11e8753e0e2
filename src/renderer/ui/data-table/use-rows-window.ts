import { observeElementRect, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { useEffect, type RefObject } from 'react'
import type { TableItem } from './table-items'

/** Of the sticky header, in pixels: its rows' top in the scrolled content. */
export const headHeight = 28
const overscan = 8

export interface RowsWindow {
  readonly lines: readonly VirtualItem[]
  readonly height: number
  readonly pageSize: number
  readonly scrollTo: (index: number) => void
}

/** Which lines are on screen. A box that has no size (not laid out yet) counts as 600 px high. */
export function useRowsWindow<T>(
  items: readonly TableItem<T>[],
  box: RefObject<HTMLElement | null>,
  rowHeight: number,
): RowsWindow {
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => items[index]?.key ?? index,
    overscan,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    initialRect: { width: 800, height: 600 },
    observeElementRect: (instance, changed) =>
      observeElementRect(instance, (rect) => rect.height > 0 && changed(rect)),
  })
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight])
  const boxHeight = virtualizer.scrollRect?.height ?? 600
  return {
    lines: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    pageSize: Math.max(1, Math.floor((boxHeight - headHeight) / rowHeight) - 1),
    scrollTo: (index) => virtualizer.scrollToIndex(index),
  }
}
