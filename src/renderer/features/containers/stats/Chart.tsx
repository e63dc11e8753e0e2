import { useEffect, useRef, useState, type ReactNode } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { currentLanguage, useT } from '../../../i18n'
import { formatTime } from '../../../i18n/format'
import { useScheme } from '../../../ui'
import { roundTop, type Columns } from './series'
import { timeLabels, timeRange } from './time-axis'

export interface ChartLine {
  readonly label: string
  /** A CSS custom property: `--accent`. */
  readonly colour: string
  readonly isDashed?: boolean
}

export interface ChartProps {
  readonly title: string
  readonly label: string
  readonly lines: readonly ChartLine[]
  readonly columns: Columns
  /** Must be a module's function: a new one draws the chart anew. */
  readonly format: (value: number) => string
  /** The least top of the axis, so that idle noise stays flat. */
  readonly smallestTop: number
  /** Values are bytes told in KiB and MiB: the axis steps in powers of two. */
  readonly isBinary?: boolean | undefined
  /** Beside the title: totals. */
  readonly note?: string | undefined
  /** Of the plot, in pixels. */
  readonly height?: number | undefined
}

const usualHeight = 170

/** One chart with the values in its legend: the newest, or those under the pointer. */
export function Chart(props: ChartProps): ReactNode {
  const t = useT()
  const [pointed, setPointed] = useState<number>()
  const box = usePlot(props, setPointed)
  const [times, ...values] = props.columns
  const at = pointed !== undefined && pointed < times.length ? pointed : times.length - 1
  const seconds = times[at]
  return (
    <figure className="chart" aria-label={props.label}>
      <figcaption className="chart__head">
        <span className="chart__title">{props.title}</span>
        {props.lines.map((line, index) => (
          <span key={line.label} className="chart__legend">
            <i
              className={line.isDashed ? 'chart__key chart__key--dashed' : 'chart__key'}
              style={{ color: `var(${line.colour})` }}
            />
            {line.label}{' '}
            <b className="num">{words(values[index]?.[at], props.format) ?? t('stats.noReading')}</b>
          </span>
        ))}
        <span className="chart__note num">
          {pointed !== undefined && seconds !== undefined ? formatTime(seconds * 1000, 'time') : props.note}
        </span>
      </figcaption>
      <div
        ref={box}
        className="chart__plot"
        style={{ height: props.height ?? usualHeight }}
        data-points={times.length}
      />
    </figure>
  )
}

const words = (value: number | null | undefined, format: (value: number) => string): string | undefined =>
  value === null || value === undefined ? undefined : format(value)

/** Keeps a plot in the box: made anew for another theme, language or set of lines, else only fed. */
function usePlot(
  props: ChartProps,
  onPoint: (index: number | undefined) => void,
): React.RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const scheme = useScheme()
  const language = currentLanguage()
  const { columns, format, smallestTop, isBinary = false, height = usualHeight } = props
  const lines = JSON.stringify(props.lines)
  const latest = useRef(columns)
  useEffect(() => {
    latest.current = columns
    plot.current?.setData(toData(columns))
  }, [columns])
  useEffect(() => {
    const element = box.current
    // No canvas, no picture: the legend still tells the numbers.
    if (!element || !document.createElement('canvas').getContext('2d')) return undefined
    const options = optionsOf({
      element,
      lines: JSON.parse(lines) as ChartLine[],
      format,
      smallestTop,
      isBinary,
      height,
      onPoint,
    })
    const made = new uPlot(options, toData(latest.current), element)
    plot.current = made
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [scheme, language, lines, format, smallestTop, isBinary, height, onPoint])
  return box
}

const toData = (columns: Columns): uPlot.AlignedData =>
  columns.map((column) => [...column]) as uPlot.AlignedData

interface PlotShape {
  readonly element: HTMLElement
  readonly lines: readonly ChartLine[]
  readonly format: (value: number) => string
  readonly smallestTop: number
  readonly isBinary: boolean
  readonly height: number
  readonly onPoint: (index: number | undefined) => void
}

function optionsOf({
  element,
  lines,
  format,
  smallestTop,
  isBinary,
  height,
  onPoint,
}: PlotShape): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string): string => resolveColour(element, name)
  const axis = {
    stroke: colour('--text-faint'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colour('--border'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: Math.max(100, element.clientWidth),
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: true, range: (plot) => timeRange(plot.data[0]) },
      y: { range: (_plot, _min, max) => [0, roundTop(max || 0, smallestTop)] },
    },
    axes: [
      {
        ...axis,
        size: 30,
        // Below the lowest label of the other axis, which the first time of a long language would run into.
        gap: 11,
        values: (plot, splits) => timeLabels(plot.data[0], splits),
        space: 90,
      },
      {
        ...axis,
        size: 70,
        space: 36,
        values: (_plot, splits) => splits.map(format),
        ...(isBinary && { incrs: powersOfTwo }),
      },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.label,
        stroke: colour(line.colour),
        width: 1.5,
        points: { show: false },
        ...(line.isDashed ? { dash: [4, 4] } : lines.length === 1 && { fill: faint(colour(line.colour)) }),
      })),
    ],
    hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? undefined)] },
  }
}

const powersOfTwo = Array.from({ length: 50 }, (_, power) => 2 ** power)

/** A canvas takes no `var()` and no `light-dark()`: the browser is asked what they come to. */
function resolveColour(element: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  element.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}

const faint = (colour: string): string => colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.12)')
