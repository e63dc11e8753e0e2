import { parentOf, type TreeLine } from './tree-line'

/** What a key asks of the tree. */
export type TreeMove =
  | { readonly kind: 'go'; readonly index: number }
  | { readonly kind: 'fold'; readonly index: number; readonly expand: boolean }
  | { readonly kind: 'open'; readonly index: number }

export interface TreePlace {
  readonly lines: readonly TreeLine<unknown>[]
  /** -1: no line is active. */
  readonly active: number
  /** Whole lines on screen. */
  readonly pageSize: number
}

/** The keys of a WAI-ARIA treegrid whose rows hold the focus. */
export function moveOf(key: string, place: TreePlace): TreeMove | undefined {
  const { active } = place
  const line = place.lines[active]
  switch (key) {
    case 'ArrowRight':
      if (line?.isExpanded === undefined) return undefined
      return line.isExpanded ? go(place, active + 1) : { kind: 'fold', index: active, expand: true }
    case 'ArrowLeft':
      if (line?.isExpanded) return { kind: 'fold', index: active, expand: false }
      return go(place, parentOf(place.lines, active))
    case 'Enter':
      return line ? { kind: 'open', index: active } : undefined
    default:
      return walk(key, place)
  }
}

function walk(key: string, place: TreePlace): TreeMove | undefined {
  const { active, pageSize } = place
  const last = place.lines.length - 1
  const to = {
    ArrowDown: Math.min(last, active + 1),
    ArrowUp: active < 0 ? last : Math.max(0, active - 1),
    Home: 0,
    End: last,
    PageDown: Math.min(last, active + pageSize),
    PageUp: Math.max(0, active - pageSize),
  }[key]
  return to === undefined ? undefined : go(place, to)
}

const go = ({ lines }: TreePlace, index: number): TreeMove | undefined =>
  lines[index] === undefined ? undefined : { kind: 'go', index }
