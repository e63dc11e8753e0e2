import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo, useRef, type CSSProperties, type MouseEvent, type ReactNode } from 'react'
import { Checkbox } from '../Toggle'
import { classNames } from '../class-names'
import { useUiWords } from '../ui-words'
import type { Column } from './columns'
import { Fold, indentOf } from './TreeFold'
import type { GroupItem, RowItem, WordsItem } from './table-items'

export interface LineFrame {
  readonly id: string
  readonly index: number
  readonly top: number
  readonly isActive: boolean
}

export interface RowLineProps<T> extends LineFrame {
  readonly item: RowItem<T>
  readonly columns: readonly Column<T>[]
  readonly isSelected: boolean
  readonly canSelect: boolean
  readonly isDim: boolean
  readonly on: RowEvents
  readonly rowActions: ((row: T) => ReactNode) | undefined
}

/** Stable for the table's life, so that rows are drawn anew only when they themselves change. */
export interface RowEvents {
  readonly onPick: (key: string, event: MouseEvent) => void
  /** A click on a row's checkbox. `isRange`: with Shift. */
  readonly onToggle: (key: string, isRange: boolean) => void
  readonly onOpen: (key: string) => void
  readonly onMenu: (key: string) => void
  readonly onFold: (key: string, expand: boolean) => void
  readonly onCollapse: (group: string, collapsed: boolean) => void
}

/** A click on a control in a cell is that control's, not the row's. */
const isOwnControl = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target.closest('a, button, input, [role="checkbox"]') !== null

function Row<T>(props: RowLineProps<T>): ReactNode {
  const words = useUiWords()
  const { item, on } = props
  return (
    // The grid that holds the focus handles the keys for its rows.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={props.id}
      role="row"
      tabIndex={-1}
      aria-rowindex={props.index + 2}
      aria-level={item.tree && item.tree.depth + 1}
      aria-posinset={item.tree?.position}
      aria-setsize={item.tree?.siblings}
      aria-expanded={item.tree?.isExpanded}
      data-key={item.key}
      aria-selected={props.canSelect ? props.isSelected : undefined}
      className={classNames(
        'data-table__row',
        props.isActive && 'data-table__row--active',
        props.isDim && 'data-table__row--dim',
        item.isInGroup && 'data-table__row--inside',
      )}
      style={lineStyle(props.top)}
      onClick={(event) => !isOwnControl(event) && on.onPick(item.key, event)}
      onDoubleClick={(event) => !isOwnControl(event) && on.onOpen(item.key)}
      onContextMenu={() => on.onMenu(item.key)}
    >
      <span className="data-table__mark" role="gridcell">
        {props.canSelect && <RowCheckbox itemKey={item.key} isSelected={props.isSelected} on={on} />}
      </span>
      {props.columns.map((column, at) => (
        <span
          key={column.id}
          role="gridcell"
          className={classNames('data-table__cell', column.align === 'end' && 'data-table__cell--end')}
          style={at === 0 ? indentOf(item.tree?.depth) : undefined}
        >
          {at === 0 && item.tree && (
            <Fold itemKey={item.key} isExpanded={item.tree.isExpanded} onFold={on.onFold} />
          )}
          {column.render(item.row)}
        </span>
      ))}
      {props.rowActions && (
        <span className="data-table__actions" role="gridcell" aria-label={words.rowActions}>
          <span className="data-table__actions-box">{props.rowActions(item.row)}</span>
        </span>
      )}
    </div>
  )
}
export const RowLine = memo(Row) as typeof Row

interface RowCheckboxProps {
  readonly itemKey: string
  readonly isSelected: boolean
  readonly on: RowEvents
}

function RowCheckbox({ itemKey, isSelected, on }: RowCheckboxProps): ReactNode {
  const words = useUiWords()
  const isRange = useRef(false)
  return (
    // A checkbox tells that it was changed, not with which keys: the click on its way down does.
    <span onClickCapture={(event) => (isRange.current = event.shiftKey)}>
      <Checkbox
        label={words.selectRow}
        hideLabel
        checked={isSelected}
        // Space is the keyboard's way: a list is one stop of Tab, not one for each line.
        tabIndex={-1}
        onChange={() => on.onToggle(itemKey, isRange.current)}
      />
    </span>
  )
}

export function GroupLine<T>(
  props: LineFrame & {
    readonly group: GroupItem<T>
    readonly render: ((group: GroupItem<T>) => ReactNode) | undefined
    readonly on: RowEvents
    readonly onActive: () => void
  },
): ReactNode {
  const words = useUiWords()
  const { group, on } = props
  return (
    // The grid that holds the focus handles the keys for its rows.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={props.id}
      role="row"
      tabIndex={-1}
      aria-rowindex={props.index + 2}
      aria-expanded={!group.isCollapsed}
      className={classNames('data-table__row data-table__group', props.isActive && 'data-table__row--active')}
      style={lineStyle(props.top)}
      onClick={(event) => !isOwnControl(event) && props.onActive()}
      onDoubleClick={(event) => !isOwnControl(event) && on.onCollapse(group.id, !group.isCollapsed)}
      // The row menu is about rows.
      onContextMenu={(event) => event.stopPropagation()}
    >
      <span className="data-table__mark" role="gridcell">
        <button
          type="button"
          tabIndex={-1}
          className="data-table__fold"
          aria-label={group.isCollapsed ? words.expand : words.collapse}
          onClick={() => on.onCollapse(group.id, !group.isCollapsed)}
        >
          {group.isCollapsed ? <ChevronRight /> : <ChevronDown />}
        </button>
      </span>
      <span className="data-table__group-words" role="gridcell">
        {props.render ? props.render(group) : <bdi>{group.id}</bdi>}
      </span>
    </div>
  )
}

/** A line of a tree that is no row. */
export function WordsLine(
  props: LineFrame & { readonly item: WordsItem; readonly onActive: () => void },
): ReactNode {
  const { item } = props
  return (
    // The grid that holds the focus handles the keys for its rows.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={props.id}
      role="row"
      tabIndex={-1}
      aria-rowindex={props.index + 2}
      aria-level={item.depth + 1}
      className={classNames('data-table__row data-table__words', props.isActive && 'data-table__row--active')}
      style={lineStyle(props.top)}
      onClick={(event) => !isOwnControl(event) && props.onActive()}
      onDoubleClick={(event) => !isOwnControl(event) && item.onOpen?.()}
      // The row menu is about rows.
      onContextMenu={(event) => event.stopPropagation()}
    >
      <span className="data-table__mark" role="gridcell" />
      <span className="data-table__words-cell" role="gridcell" style={indentOf(item.depth)}>
        <Fold itemKey={item.key} isExpanded={undefined} />
        {item.words}
      </span>
    </div>
  )
}

const lineStyle = (top: number): CSSProperties => ({ transform: `translateY(${top}px)` })
