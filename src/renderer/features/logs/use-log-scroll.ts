import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { LogModel } from './log-model'
import type { Viewport } from './use-row-measure'

/** Rows drawn beyond what is seen, on each side: a scroll wheel's step. */
const overscan = 8
/** Nearer to the end than this counts as at the end. */
const nearPx = 4

export interface LogScroll {
  readonly isFollowing: boolean
  /** First and one past the last row to draw, and where the first stands. */
  readonly from: number
  readonly to: number
  readonly topPx: number
  readonly totalPx: number
  /** Lines that came since the person scrolled away from the end. */
  readonly newRows: number
  readonly onScroll: () => void
  readonly follow: () => void
  readonly unfollow: () => void
  readonly showSeq: (seq: number) => void
}

interface Refs {
  readonly scroller: RefObject<HTMLElement | null>
  readonly rows: RefObject<HTMLElement | null>
}

interface Place {
  readonly top: number
  readonly isFollowing: boolean
  /** Rows ever appended when the person left the end. */
  readonly seen: number
}

/** Where the list stands: at the newest line until the person scrolls away, then still on what they read. */
export function useLogScroll(model: LogModel, viewport: Viewport, refs: Refs): LogScroll {
  const { heights } = model.rows
  const moves = useMoves(model, refs.scroller)
  const { place, moveTo, leaveTo, moveToEnd } = moves
  const total = heights.total
  const top = place.isFollowing ? Math.max(0, total - viewport.heightPx) : place.top
  const from = Math.max(0, heights.indexAt(top) - overscan)
  const to = Math.min(model.rows.length, heights.indexAt(top + viewport.heightPx) + 1 + overscan)
  const showSeq = useCallback(
    (seq: number) => {
      const wanted = heights.offsetOf(model.rows.indexOf(seq)) - viewport.heightPx / 3
      moveTo(Math.max(0, wanted))
      leaveTo(Math.max(0, wanted))
    },
    [heights, leaveTo, model, moveTo, viewport.heightPx],
  )
  useSettledHeights({ model, refs, from, isFollowing: place.isFollowing, moveTo, leaveTo, moveToEnd })
  return {
    isFollowing: place.isFollowing,
    from,
    to,
    topPx: heights.offsetOf(from),
    totalPx: total,
    newRows: place.isFollowing ? 0 : Math.max(0, model.rows.appended - place.seen),
    onScroll: moves.onScroll,
    follow: moves.follow,
    unfollow: moves.unfollow,
    showSeq,
  }
}

interface Moves {
  readonly place: Place
  /** Scrolls, without this being taken for the person's wish. */
  readonly moveTo: (top: number) => void
  /** Stands at `top`, away from the end. */
  readonly leaveTo: (top: number) => void
  /** Whoever has scrolled up since the last drawing, which the browser tells a moment later, is left where they are. */
  readonly moveToEnd: () => void
  readonly onScroll: () => void
  readonly follow: () => void
  readonly unfollow: () => void
}

function useMoves(model: LogModel, scroller: Refs['scroller']): Moves {
  const [place, setPlace] = useState<Place>({ top: 0, isFollowing: true, seen: 0 })
  const lastTop = useRef(0)
  const moveTo = useCallback(
    (next: number): void => {
      const element = scroller.current
      if (!element) return
      element.scrollTo({ top: next })
      lastTop.current = element.scrollTop
    },
    [scroller],
  )
  const leaveTo = useCallback(
    (top: number) =>
      setPlace((was) => ({
        top,
        isFollowing: false,
        seen: was.isFollowing ? model.rows.appended : was.seen,
      })),
    [model],
  )
  const onScroll = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const top = element.scrollTop
    const isAtEnd = standsAtEnd(element)
    const isUp = top < lastTop.current - 1
    lastTop.current = top
    setPlace((was) => {
      const isFollowing = isAtEnd || (was.isFollowing && !isUp)
      // Each drawing of a log that is followed scrolls it: nothing to draw anew.
      if (isFollowing && was.isFollowing) return was
      return { top, isFollowing, seen: was.isFollowing && !isFollowing ? model.rows.appended : was.seen }
    })
  }, [model, scroller])
  const moveToEnd = useCallback(() => {
    const element = scroller.current
    if (!element) return
    if (element.scrollTop < lastTop.current - 1 && !standsAtEnd(element)) leaveTo(element.scrollTop)
    else moveTo(element.scrollHeight)
  }, [leaveTo, moveTo, scroller])
  const unfollow = useCallback(() => leaveTo(scroller.current?.scrollTop ?? 0), [leaveTo, scroller])
  const follow = useCallback(() => setPlace((was) => ({ ...was, isFollowing: true })), [])
  return { place, moveTo, leaveTo, moveToEnd, onScroll, follow, unfollow }
}

const standsAtEnd = ({ scrollTop, clientHeight, scrollHeight }: HTMLElement): boolean =>
  scrollTop + clientHeight >= scrollHeight - nearPx

interface Settling {
  readonly model: LogModel
  readonly refs: Refs
  readonly from: number
  readonly isFollowing: boolean
  readonly moveTo: (top: number) => void
  readonly leaveTo: (top: number) => void
  readonly moveToEnd: () => void
}

/** After each drawing: takes the real heights, and keeps under the eye what was there. */
function useSettledHeights({ model, refs, from, isFollowing, ...moves }: Settling): void {
  const { moveTo, leaveTo, moveToEnd } = moves
  useLayoutEffect(() => {
    const element = refs.scroller.current
    if (!element) return
    const { grown, above } = takeHeights(model, refs.rows.current, { from, scrollTop: element.scrollTop })
    if (grown !== 0) model.touch()
    const gone = model.rows.takeGonePx()
    if (isFollowing) moveToEnd()
    else if (gone !== above) {
      moveTo(Math.max(0, element.scrollTop - gone + above))
      leaveTo(element.scrollTop)
    }
  })
}

/** By how much the drawn rows differ from their estimates: in all, and above the top of the view. */
function takeHeights(
  model: LogModel,
  rows: HTMLElement | null,
  view: { readonly from: number; readonly scrollTop: number },
): { grown: number; above: number } {
  let grown = 0
  let above = 0
  let bottom = model.rows.heights.offsetOf(view.from)
  for (const [i, row] of [...(rows?.children ?? [])].entries()) {
    const height = (row as HTMLElement).offsetHeight
    bottom += model.rows.heights.heightOf(view.from + i)
    if (height === 0) continue
    const by = model.rows.heights.set(view.from + i, height)
    grown += Math.abs(by)
    if (bottom <= view.scrollTop) above += by
  }
  return { grown, above }
}
