import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo, type CSSProperties, type MouseEvent, type ReactNode } from 'react'
import { classNames } from '../class-names'
import type { TreeColumn, TreeLine } from './tree-line'

/** Stable for the grid's life, so that a line is drawn anew only when it changes itself. */
export interface TreeRowEvents {
  readonly onActive: (key: string) => void
  readonly onFold: (key: string, expand: boolean) => void
  readonly onOpen: (key: string) => void
}

interface TreeRowProps<T> {
  readonly id: string
  readonly index: number
  readonly top: number
  readonly line: TreeLine<T>
  readonly columns: readonly TreeColumn<T>[]
  readonly isActive: boolean
  readonly on: TreeRowEvents
}

/** Deeper than this the indentation stands still: a name must stay readable in a folder 10,000 deep. */
const deepest = 24
const indentPx = 16

/** A click on a control in a cell is that control's, not the row's. */
const isOwnControl = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target.closest('a, button, input') !== null

function Row<T>({ line, columns, on, ...props }: TreeRowProps<T>): ReactNode {
  const { row } = line
  const indent = { paddingInlineStart: 6 + Math.min(line.depth, deepest) * indentPx } as CSSProperties
  return (
    // The grid that holds the focus handles the keys for its rows.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={props.id}
      role="row"
      tabIndex={-1}
      aria-rowindex={props.index + 2}
      aria-level={line.depth + 1}
      aria-posinset={line.position}
      aria-setsize={line.siblings}
      aria-expanded={line.isExpanded}
      aria-selected={props.isActive}
      className={classNames('tree-grid__row', props.isActive && 'tree-grid__row--active')}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={(event) => {
        if (isOwnControl(event)) return
        // Else this row would hold it, and the grid's keys would not work.
        event.currentTarget.closest<HTMLElement>('[role="treegrid"]')?.focus({ preventScroll: true })
        on.onActive(line.key)
      }}
      onDoubleClick={(event) => !isOwnControl(event) && on.onOpen(line.key)}
    >
      {row === undefined ? (
        <span role="gridcell" className="tree-grid__words" style={indent}>
          {line.words}
        </span>
      ) : (
        columns.map((column, at) => (
          <span
            key={column.id}
            role="gridcell"
            className={`tree-grid__cell tree-grid__cell--${column.align ?? 'start'}`}
            style={at === 0 ? indent : undefined}
          >
            {at === 0 && <Fold line={line} onFold={on.onFold} />}
            {column.render(row)}
          </span>
        ))
      )}
    </div>
  )
}
export const TreeRow = memo(Row) as typeof Row

/** For the pointer: the keyboard and a screen reader have the row's own state and arrows. */
function Fold<T>({
  line,
  onFold,
}: {
  readonly line: TreeLine<T>
  readonly onFold: TreeRowEvents['onFold']
}): ReactNode {
  if (line.isExpanded === undefined) return <span className="tree-grid__fold" />
  const expand = !line.isExpanded
  return (
    <span
      className="tree-grid__fold"
      aria-hidden="true"
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation()
        onFold(line.key, expand)
      }}
    >
      {expand ? <ChevronRight /> : <ChevronDown />}
    </span>
  )
}
