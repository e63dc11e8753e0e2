import type { ReactNode } from 'react'

/** One line of an unfolded tree, in the order in which it is drawn. */
export interface TreeLine<T> {
  readonly key: string
  /** 0 at the top. */
  readonly depth: number
  /** For type-ahead. */
  readonly name: string
  /** Absent: it cannot be unfolded. */
  readonly isExpanded?: boolean | undefined
  /** From 1, among its siblings. */
  readonly position: number
  /** -1: nobody knows yet. */
  readonly siblings: number
  /** Absent: a line of words, such as "loading". */
  readonly row?: T | undefined
  readonly words?: ReactNode
}

export interface TreeColumn<T> {
  readonly id: string
  readonly header: string
  /** In pixels; absent: takes what is left. */
  readonly width?: number | undefined
  readonly align?: 'start' | 'end' | undefined
  /** Present: a click on the header sorts by it. */
  readonly onSort?: (() => void) | undefined
  readonly sorted?: 'ascending' | 'descending' | undefined
  readonly render: (row: T) => ReactNode
}

/** Where the line hangs: its index, or -1 for one at the top. */
export function parentOf(lines: readonly TreeLine<unknown>[], index: number): number {
  const depth = lines[index]?.depth ?? 0
  for (let at = index - 1; at >= 0; at--) if ((lines[at]?.depth ?? 0) < depth) return at
  return -1
}
