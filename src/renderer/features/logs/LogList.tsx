import { ArrowDown } from 'lucide-react'
import { type MouseEvent, type ReactNode, type RefObject, useCallback, useState } from 'react'
import { useT } from '../../i18n'
import { formatNumber } from '../../i18n/format'
import { Button, classNames } from '../../ui'
import { isSelected, type LineSelection } from './copy-lines'
import type { LogModel } from './log-model'
import { LogRow } from './LogRow'
import type { LogScroll } from './use-log-scroll'
import './log-list.css'

export interface LogListRefs {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly rows: RefObject<HTMLDivElement | null>
  readonly probe: RefObject<HTMLSpanElement | null>
}

export interface LogListProps {
  readonly model: LogModel
  readonly scroll: LogScroll
  readonly refs: LogListRefs
  readonly label: string
  readonly isWrapped: boolean
  readonly hasTimes: boolean
  readonly current: number | undefined
  readonly selection: LineSelection | undefined
  readonly onSelect: (selection: LineSelection | undefined) => void
}

/** The lines themselves. Only those on screen are elements, whatever their number and height. */
export function LogList(props: LogListProps): ReactNode {
  const { model, scroll, refs } = props
  const { scroller, rows, probe } = refs
  const onMouseDown = (event: MouseEvent): void => {
    const seq = event.button === 0 ? seqUnder(event.target) : undefined
    if (seq === undefined) return
    event.preventDefault()
    scroller.current?.focus()
    props.onSelect({ anchor: event.shiftKey ? (props.selection?.anchor ?? seq) : seq, head: seq })
  }
  return (
    <div className="log-list__frame">
      {/* Keyboard users scroll and copy here; a live region would read out a flood. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={scroller}
        className={classNames('log-list', props.isWrapped && 'log-list--wrapped')}
        role="log"
        aria-live="off"
        aria-label={props.label}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={scroll.onScroll}
        onMouseDown={onMouseDown}
      >
        <span ref={probe} className="log-list__probe" aria-hidden="true">
          {'0'.repeat(100)}
        </span>
        <div className="log-list__canvas" style={{ height: scroll.totalPx }}>
          <div ref={rows} className="log-list__rows" style={{ transform: `translateY(${scroll.topPx}px)` }}>
            <Rows {...props} />
          </div>
        </div>
      </div>
      {!scroll.isFollowing && model.rows.length > 0 && <Jump scroll={scroll} />}
    </div>
  )
}

function Rows(props: LogListProps): ReactNode {
  const { model, scroll } = props
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set())
  const { unfollow } = scroll
  const onExpand = useCallback(
    (seq: number) => {
      // What was opened is to be read: it must not run away.
      unfollow()
      setExpanded((was) =>
        was.has(seq) ? new Set([...was].filter((one) => one !== seq)) : new Set(was).add(seq),
      )
    },
    [unfollow],
  )
  const drawn: ReactNode[] = []
  for (let index = scroll.from; index < scroll.to; index++) {
    const seq = model.rows.seqAt(index)
    if (seq === undefined) continue
    drawn.push(
      <LogRow
        key={seq}
        {...{ seq, ring: model.ring }}
        ranges={model.search.rangesOf(seq)}
        isCurrent={seq === props.current}
        isSelected={isSelected(props.selection, seq)}
        isExpanded={expanded.has(seq)}
        hasTimes={props.hasTimes}
        onExpand={onExpand}
      />,
    )
  }
  return drawn
}

function Jump({ scroll }: { readonly scroll: LogScroll }): ReactNode {
  const t = useT()
  const { newRows } = scroll
  return (
    <Button
      className="log-list__jump"
      size="sm"
      icon={<ArrowDown aria-hidden="true" />}
      onClick={scroll.follow}
    >
      {newRows === 0 ? t('logs.jump') : t('logs.jumpNew', { count: newRows, number: formatNumber(newRows) })}
    </Button>
  )
}

/** The line whose bar was pressed. */
function seqUnder(target: EventTarget): number | undefined {
  if (!(target instanceof HTMLElement) || target.dataset['bar'] === undefined) return undefined
  const seq = Number(target.closest<HTMLElement>('[data-seq]')?.dataset['seq'])
  return Number.isInteger(seq) ? seq : undefined
}
