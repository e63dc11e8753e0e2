import { useLayoutEffect, useRef } from 'react'

// Where the focus goes when nothing else says so. It must never be nowhere: keys would do nothing.

const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body

/** To the page's list, where it has one: arrows work at once. Else to the page as a whole. */
export function focusPage(): void {
  const page = document.getElementById('content')
  const list = page?.querySelector<HTMLElement>('[role="grid"], [role="treegrid"]')
  const place = list ?? page
  place?.focus({ preventScroll: true })
}

/**
 * Each time `what` changes, a focus that went away with what had it goes to the page. One that is somewhere, as on
 * a link of the sidebar, stays. Not at the first drawing: a window that just opened begins at its beginning.
 */
export function useFoundFocus(what: unknown): void {
  const seen = useRef(what)
  useLayoutEffect(() => {
    if (seen.current === what) return
    seen.current = what
    if (isLost()) focusPage()
  }, [what])
}

const areas = ['pages', 'page', 'terminals'] as const

/** To the next part of the window, or to the one before: the way out of a terminal, which takes Tab for itself. */
export function focusNextArea(by: 1 | -1): void {
  const shown = areas.filter((area) => elementOf(area) !== null)
  const at = shown.findIndex((area) => elementOf(area)?.contains(document.activeElement))
  const from = at < 0 && by < 0 ? 0 : at
  const next = shown[(from + by + shown.length) % shown.length]
  if (next === 'page') focusPage()
  else if (next) firstOf(elementOf(next))?.focus()
}

const elementOf = (area: (typeof areas)[number]): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-area="${area}"]`)

const firstOf = (element: HTMLElement | null): HTMLElement | null | undefined =>
  element?.querySelector<HTMLElement>('[aria-current], [role="tabpanel"] > :not([inert]) textarea') ??
  element?.querySelector<HTMLElement>('a[href], button')
