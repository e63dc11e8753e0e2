import { type CSSProperties, memo, type ReactNode } from 'react'
import { type Translate, useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { formatBytes } from '../../i18n/format'
import { classNames } from '../../ui'
import { markSpans, parseAnsi } from './ansi'
import { shownChars } from './log-rows'
import type { LogLine, LogMark, LogRing } from './log-ring'
import { fullLogTime, shortLogTime } from './log-time'
import { paletteColor, type Color, type Style } from './sgr'
import './log-row.css'

export interface LogRowProps {
  /** Names the line, which never changes: a row that stays on screen is not drawn anew for those that come. */
  readonly seq: number
  readonly ring: LogRing
  /** Where the search matches, flat. */
  readonly ranges: readonly number[]
  readonly isCurrent: boolean
  readonly isSelected: boolean
  readonly isExpanded: boolean
  readonly hasTimes: boolean
  readonly onExpand: (seq: number) => void
}

/** One line. Colours are read here, so only for lines on screen. Text stays text. */
export const LogRow = memo(function LogRow(props: LogRowProps): ReactNode {
  const { hasTimes } = props
  const t = useT()
  const line = props.ring.line(props.seq)
  if (!line) return null
  if (line.mark) return <MarkRow mark={line.mark} />
  const { spans, isCut } = parseAnsi(line.text, props.isExpanded ? Infinity : shownChars)
  return (
    <div
      className={classNames(
        'log-row',
        line.source === 'stderr' && 'log-row--stderr',
        props.isSelected && 'log-row--selected',
        props.isCurrent && 'log-row--current',
      )}
      data-seq={line.seq}
    >
      <span
        className="log-row__bar"
        data-bar=""
        title={line.source === 'stderr' ? t('logs.stderrMark') : undefined}
      />
      {hasTimes && (
        <time className="log-row__time" dateTime={line.time} title={fullLogTime(line.time)}>
          {shortLogTime(line.time)}
        </time>
      )}
      <bdi className="log-row__text" dir="ltr">
        {markSpans(spans, props.ranges).map((span, index) => (
          <Piece key={index} text={span.text} style={span.style} isMatch={span.isMatch} />
        ))}
        <Rest {...{ line, isCut }} isExpanded={props.isExpanded} onExpand={props.onExpand} />
      </bdi>
    </div>
  )
})

interface RestProps extends Pick<LogRowProps, 'isExpanded' | 'onExpand'> {
  readonly line: LogLine
  readonly isCut: boolean
}

function Rest({ line, isCut, isExpanded, onExpand }: RestProps): ReactNode {
  const t = useT()
  const isLong = isCut || (isExpanded && line.text.length > shownChars)
  return (
    <>
      {isLong && (
        <button type="button" className="log-row__more" onClick={() => onExpand(line.seq)}>
          {isCut
            ? t('logs.moreBytes', { size: formatBytes(line.text.length - shownChars) })
            : t('logs.lessBytes')}
        </button>
      )}
      {!isCut && line.fullBytes !== undefined && (
        <span className="log-row__cut">{t('logs.cutBytes', { size: formatBytes(line.fullBytes) })}</span>
      )}
    </>
  )
}

function MarkRow({ mark }: { readonly mark: LogMark }): ReactNode {
  const t = useT()
  return (
    <div className={classNames('log-row', 'log-row--mark', mark.kind === 'break' && 'log-row--bad')}>
      <span>{markWords(t, mark)}</span>
    </div>
  )
}

function markWords(t: Translate, mark: LogMark): string {
  switch (mark.kind) {
    case 'break':
      return t('logs.broken', { reason: errorWords(t, mark.error).title })
    case 'resumed':
      return t('logs.resumed')
    case 'restarted':
      return t('logs.restarted')
    case 'ended':
      return mark.exitCode === undefined ? t('logs.ended') : t('logs.endedCode', { code: mark.exitCode })
  }
}

interface PieceProps {
  readonly text: string
  readonly style: Style
  readonly isMatch: boolean
}

function Piece({ text, style, isMatch }: PieceProps): ReactNode {
  const css = cssOf(style)
  if (isMatch)
    return (
      <mark className="log-row__match" style={css}>
        {text}
      </mark>
    )
  return css ? <span style={css}>{text}</span> : text
}

const cssColor = (color: Color): string => (typeof color === 'number' ? paletteColor(color) : color)

function cssOf(style: Style): CSSProperties | undefined {
  if (Object.keys(style).length === 0) return undefined
  const line = [style.underline && 'underline', style.strike && 'line-through'].filter(Boolean).join(' ')
  return {
    ...colorsOf(style),
    ...(style.bold && { fontWeight: 700 }),
    ...(style.dim && { opacity: 0.65 }),
    ...(style.italic && { fontStyle: 'italic' }),
    ...(line !== '' && { textDecoration: line }),
  }
}

function colorsOf(style: Style): CSSProperties {
  const fg = style.fg === undefined ? undefined : cssColor(style.fg)
  const bg = style.bg === undefined ? undefined : cssColor(style.bg)
  if (style.inverse) return { color: bg ?? 'var(--bg)', backgroundColor: fg ?? 'var(--text)' }
  return {
    ...(fg !== undefined && { color: fg }),
    ...(bg !== undefined && { backgroundColor: bg }),
  }
}
