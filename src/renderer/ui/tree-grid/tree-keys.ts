import { findByName, parentOf, type TreeLine } from './tree-line'

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

/** How long letters belong together. */
const togetherMs = 800

/** Letters typed after one another look for a name; one letter again and again goes through its names. */
export class TypeAhead {
  #typed = ''
  #atMs = 0

  /** The line that what was typed leads to; -1: nowhere. */
  type(letter: string, place: TreePlace, nowMs: number): number {
    const isFresh = nowMs - this.#atMs > togetherMs
    this.#atMs = nowMs
    this.#typed = isFresh || this.#typed === letter ? letter : this.#typed + letter
    const from = this.#typed.length === 1 ? place.active + 1 : Math.max(0, place.active)
    return findByName(place.lines, from, this.#typed)
  }

  /** A space belongs to a name only inside one. */
  isTyping(nowMs: number): boolean {
    return this.#typed !== '' && nowMs - this.#atMs <= togetherMs
  }
}
