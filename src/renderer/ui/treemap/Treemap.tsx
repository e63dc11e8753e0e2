import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react'
import { useScheme } from '../scheme'
import { drawTreemap } from './draw-treemap'
import { isSide, layTreemap, neighbour, type Box, type TreemapCell, type TreemapNode } from './treemap-layout'
import './treemap.css'

export interface TreemapProps {
  readonly label: string
  readonly root: TreemapNode
  /** What is said of a cell: name, size, share. */
  readonly describe: (node: TreemapNode) => string
  /** A cell of the top level was clicked, or entered with the keyboard. */
  readonly onChoose: (node: TreemapNode) => void
  /** Backspace: one level out. */
  readonly onUp?: (() => void) | undefined
}

/**
 * Sizes as areas. The picture is a canvas; over each cell of its top level lies a real button, so that keyboard
 * (arrows go to the neighbour, Enter in, Backspace out) and screen reader have a list of the same cells, largest first.
 */
export function Treemap(props: TreemapProps): ReactNode {
  const { root, onUp } = props
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const size = useSize(box)
  const scheme = useScheme()
  const cells = useMemo(() => layTreemap(root, size), [root, size])
  useLayoutEffect(() => {
    if (canvas.current) drawTreemap(canvas.current, cells, size)
  }, [cells, size, scheme])
  const top = useMemo(() => cells.filter((cell) => cell.depth === 1), [cells])
  const [focused, setFocused] = useState<string>()
  const current = top.some((cell) => cell.node.key === focused) ? focused : top[0]?.node.key
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, cell: TreemapCell): void => {
    if (event.key === 'Backspace' && onUp) {
      event.preventDefault()
      onUp()
    }
    if (!isSide(event.key)) return
    event.preventDefault()
    const next = neighbour(top, cell, event.key)
    if (!next) return
    setFocused(next.node.key)
    box.current?.querySelectorAll('button')[top.indexOf(next)]?.focus()
  }
  return (
    <div ref={box} className="treemap">
      <canvas ref={canvas} className="treemap__picture" aria-hidden="true" style={size} />
      <ul className="treemap__cells" aria-label={props.label}>
        {top.map((cell) => (
          <li key={cell.node.key}>
            <button
              type="button"
              className="treemap__cell"
              style={{ left: cell.x, top: cell.y, width: cell.width, height: cell.height }}
              tabIndex={cell.node.key === current ? 0 : -1}
              aria-label={props.describe(cell.node)}
              title={props.describe(cell.node)}
              onFocus={() => setFocused(cell.node.key)}
              onKeyDown={(event) => onKeyDown(event, cell)}
              onClick={() => props.onChoose(cell.node)}
            />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Before it is laid out it counts as 800 by 480. */
function useSize(box: { readonly current: HTMLElement | null }): Box {
  const [size, setSize] = useState<Box>({ width: 800, height: 480 })
  useEffect(() => {
    if (!box.current || typeof ResizeObserver === 'undefined') return undefined
    const observer = new ResizeObserver(([entry]) => {
      const rect = entry?.contentRect
      if (rect && rect.width > 0 && rect.height > 0)
        setSize({ width: Math.floor(rect.width), height: Math.floor(rect.height) })
    })
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return size
}
