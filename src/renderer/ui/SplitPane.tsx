import {
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react'
import { classNames } from './class-names'
import { useUiWords } from './ui-words'
import './split-pane.css'

export interface SplitPaneProps {
  readonly first: ReactNode
  /** `undefined`: the first pane has all the room, and stays the same element. */
  readonly second: ReactNode | undefined
  /** Of the second pane, in pixels. */
  readonly size: number
  readonly onSize: (size: number) => void
  /** `row`: side by side. `column`: one above the other. */
  readonly direction?: 'row' | 'column' | undefined
  readonly min?: number | undefined
  readonly label?: string | undefined
}

const stepPx = 24

/** A size that was chosen in a wide window leaves the first pane its part of a narrow one: at most half of it. */
const leastOf = (direction: 'row' | 'column', min: number): CSSProperties => {
  const least = `min(${min}px, 50%)`
  return direction === 'row' ? { minWidth: least } : { minHeight: least }
}

/** Two panes and a bar between them that pointer and arrow keys move. The new size is told when let go. */
export function SplitPane(props: SplitPaneProps): ReactNode {
  const words = useUiWords()
  const { direction = 'row', min = 120, onSize } = props
  const box = useRef<HTMLDivElement>(null)
  const [dragged, setDragged] = useState<number>()
  const size = dragged ?? props.size
  const fit = (wanted: number): number => {
    const whole = (direction === 'row' ? box.current?.clientWidth : box.current?.clientHeight) ?? 0
    return Math.round(Math.max(min, whole > 0 ? Math.min(whole - min, wanted) : wanted))
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (dragged === undefined || !box.current) return
    const rect = box.current.getBoundingClientRect()
    setDragged(fit(direction === 'row' ? rect.right - event.clientX : rect.bottom - event.clientY))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const grow = direction === 'row' ? { ArrowLeft: 1, ArrowRight: -1 } : { ArrowUp: 1, ArrowDown: -1 }
    const sign = (grow as Record<string, number | undefined>)[event.key]
    if (sign === undefined) return
    event.preventDefault()
    onSize(fit(size + sign * stepPx))
  }
  const release = (): void => {
    if (dragged !== undefined) onSize(dragged)
    setDragged(undefined)
  }
  return (
    <div ref={box} className={classNames('split-pane', `split-pane--${direction}`)}>
      <div className="split-pane__first" style={leastOf(direction, min)}>
        {props.first}
      </div>
      {props.second !== undefined && (
        <>
          <div
            className="split-pane__bar"
            role="separator"
            aria-label={props.label ?? words.resizePanes}
            aria-orientation={direction === 'row' ? 'vertical' : 'horizontal'}
            aria-valuenow={size}
            aria-valuemin={min}
            tabIndex={0}
            onKeyDown={onKeyDown}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId)
              setDragged(props.size)
            }}
            onPointerMove={onPointerMove}
            onPointerUp={release}
            onPointerCancel={release}
          />
          <div className="split-pane__second" style={{ flexBasis: size }}>
            {props.second}
          </div>
        </>
      )}
    </div>
  )
}
