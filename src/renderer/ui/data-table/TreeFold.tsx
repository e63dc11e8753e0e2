import { ChevronDown, ChevronRight } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'

/** Deeper than this the indentation stands still: the name must stay readable. */
const deepest = 12
const indentPx = 16

/** Of the cell that holds the tree; `undefined`: there is no tree. */
export const indentOf = (depth: number | undefined): CSSProperties | undefined =>
  depth === undefined ? undefined : { paddingInlineStart: 2 + Math.min(depth, deepest) * indentPx }

interface FoldProps {
  readonly itemKey: string
  readonly isExpanded: boolean | undefined
  readonly onFold?: (key: string, expand: boolean) => void
}

/** For the pointer: the keyboard and a screen reader have the row's own state and arrows. */
export function Fold({ itemKey, isExpanded, onFold }: FoldProps): ReactNode {
  if (isExpanded === undefined) return <span className="data-table__twisty" />
  return (
    <span
      className="data-table__twisty"
      aria-hidden="true"
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation()
        onFold?.(itemKey, !isExpanded)
      }}
    >
      {isExpanded ? <ChevronDown /> : <ChevronRight />}
    </span>
  )
}
