import { ArrowDown, ArrowUp } from 'lucide-react'
import {
  useEffect,
  useId,
  useMemo,
  useRef,
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
} from 'react'
import { TypeAhead } from '../type-ahead'
import { moveOf, type TreeMove, type TreePlace } from './tree-keys'
import type { TreeColumn, TreeLine } from './tree-line'
import { TreeRow, type TreeRowEvents } from './TreeRow'
import { rowHeight, useLinesWindow } from './use-lines-window'
import './tree-grid.css'

export interface TreeGridProps<T> {
  readonly label: string
  readonly lines: readonly TreeLine<T>[]
  /** The first one holds the tree. */
  readonly columns: readonly TreeColumn<T>[]
  /** The active line's key: the caller keeps it, so that it may stand in an address. */
  readonly active: string | undefined
  readonly onActive: (key: string) => void
  readonly onFold: (key: string, expand: boolean) => void
  /** Enter, or a double click. */
  readonly onOpen?: ((key: string) => void) | undefined
  /** The keys of the lines on screen, for what loads as it comes into sight. */
  readonly onVisible?: ((keys: readonly string[]) => void) | undefined
  readonly empty?: ReactNode
}

/** A tree with columns, virtual: 100,000 lines cost as much as 40. The grid holds the focus. */
export function TreeGrid<T>(props: TreeGridProps<T>): ReactNode {
  const { lines, columns, active } = props
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const view = useLinesWindow(lines, box)
  const index = useMemo(
    () => (active === undefined ? -1 : lines.findIndex((line) => line.key === active)),
    [lines, active],
  )
  useKeptInSight(index, view.scrollTo)
  useToldVisible(props, view.items)
  const onKeyDown = useTreeKeys(props, { lines, active: index, pageSize: view.pageSize })
  const on = useRowEvents(props)
  const style = { '--tree-columns': columns.map(widthOf).join(' ') } as CSSProperties
  return (
    <div className="tree-grid" style={style}>
      <div
        ref={box}
        className="tree-grid__scroll"
        role="treegrid"
        aria-label={props.label}
        aria-rowcount={lines.length + 1}
        aria-activedescendant={index >= 0 ? `${id}-${index}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <TreeHead columns={columns} />
        <div role="rowgroup" className="tree-grid__body" style={{ height: view.height }}>
          {view.items.map((item) => {
            const line = lines[item.index]
            return (
              line && (
                <TreeRow
                  key={line.key}
                  id={`${id}-${item.index}`}
                  index={item.index}
                  top={item.index * rowHeight}
                  line={line}
                  columns={columns}
                  isActive={item.index === index}
                  on={on}
                />
              )
            )
          })}
        </div>
        {lines.length === 0 && (
          <div role="row" className="tree-grid__empty-row">
            <div role="gridcell" className="tree-grid__empty">
              {props.empty}
            </div>
          </div>
        )}
      </div>
    </div>
  )
}

const widthOf = ({ width }: TreeColumn<never>): string =>
  width === undefined ? 'minmax(0, 1fr)' : `${width}px`

function TreeHead<T>({ columns }: { readonly columns: readonly TreeColumn<T>[] }): ReactNode {
  return (
    <div role="rowgroup" className="tree-grid__head-group">
      <div role="row" aria-rowindex={1} className="tree-grid__head">
        {columns.map((column) => (
          <span
            key={column.id}
            role="columnheader"
            aria-sort={column.sorted}
            className={`tree-grid__header tree-grid__header--${column.align ?? 'start'}`}
          >
            {column.onSort ? (
              <button type="button" className="tree-grid__sort" onClick={column.onSort}>
                {column.header}
                {column.sorted === 'ascending' && <ArrowUp aria-hidden="true" />}
                {column.sorted === 'descending' && <ArrowDown aria-hidden="true" />}
              </button>
            ) : (
              column.header
            )}
          </span>
        ))}
      </div>
    </div>
  )
}

function useKeptInSight(index: number, scrollTo: (index: number) => void): void {
  const scroll = useLatest(scrollTo)
  useEffect(() => {
    if (index >= 0) scroll.current(index)
  }, [index, scroll])
}

function useToldVisible<T>(props: TreeGridProps<T>, items: readonly { readonly index: number }[]): void {
  const { onVisible, lines } = props
  const keys = items.map(({ index }) => lines[index]?.key ?? '').join('\n')
  useEffect(() => onVisible?.(keys.split('\n')), [keys, onVisible])
}

function useTreeKeys<T>(props: TreeGridProps<T>, place: TreePlace) {
  const ahead = useRef<TypeAhead>(undefined)
  const { lines } = props
  const keyAt = (index: number): string => place.lines[index]?.key ?? ''
  const make = (move: TreeMove): void => {
    const key = keyAt(move.index)
    if (move.kind === 'go') props.onActive(key)
    else if (move.kind === 'fold') props.onFold(key, move.expand)
    else props.onOpen?.(key)
  }
  const type = (letter: string, nowMs: number): boolean => {
    ahead.current ??= new TypeAhead()
    if (letter.length !== 1 || (letter === ' ' && !ahead.current.isTyping(nowMs))) return false
    const nameOf = (line?: TreeLine<T>): string | undefined =>
      line?.row === undefined ? undefined : line.name
    const named = { count: lines.length, active: place.active, nameAt: (at: number) => nameOf(lines[at]) }
    const found = ahead.current.type(letter, named, nowMs)
    if (found >= 0) make({ kind: 'go', index: found })
    return true
  }
  return (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const move = moveOf(event.key, place)
    if (move) make(move)
    if (move || type(event.key, event.timeStamp)) event.preventDefault()
  }
}

function useRowEvents<T>(props: TreeGridProps<T>): TreeRowEvents {
  const latest = useLatest(props)
  return useMemo(
    () => ({
      onActive: (key) => latest.current.onActive(key),
      onFold: (key, expand) => latest.current.onFold(key, expand),
      onOpen: (key) => latest.current.onOpen?.(key),
    }),
    [latest],
  )
}

/** The newest value for handlers that outlive a drawing. */
function useLatest<V>(value: V): { readonly current: V } {
  const ref = useRef(value)
  useEffect(() => {
    ref.current = value
  })
  return ref
}
