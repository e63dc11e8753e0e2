import type { CSSProperties, ReactNode } from 'react'
import type { BootRecord } from '../../../../shared/model'
import { useT, type Translate } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { formatDuration } from '../../../i18n/format'
import { classNames } from '../../../ui'
import { timelineOf, type StageBar } from './timeline'
import { useElapsed } from './use-elapsed'
import './boot-timeline.css'

interface BootTimelineProps {
  readonly boot: BootRecord
  /** Starts before it, in any order. */
  readonly earlier: readonly BootRecord[]
  /** Epoch ms at which it failed, when it did and that is known. */
  readonly failedAt?: number | undefined
}

/** Each stage of a start as a bar on one axis of time, over the outline of what is usual. Live while it goes on. */
export function BootTimeline({ boot, earlier, failedAt }: BootTimelineProps): ReactNode {
  const t = useT()
  const isGoing = boot.outcome === 'going'
  const elapsed = useElapsed(boot.startedAt, isGoing)
  const failedMs = failedAt === undefined ? 0 : Math.max(0, failedAt - boot.startedAt)
  const timeline = timelineOf(boot, earlier, isGoing ? elapsed : failedMs)
  const hasMedians = timeline.bars.some((bar) => bar.medianMs !== undefined)
  return (
    <div className="boot">
      <p className="boot__head">
        <strong>{t(`machines.page.boot.${boot.way}`)}</strong>
        <span className="num">
          {t(isGoing ? 'machines.page.boot.soFar' : 'machines.page.boot.total', {
            time: formatDuration(timeline.elapsedMs),
          })}
        </span>
        {timeline.medianMs !== undefined && (
          <span className="faint num">
            {t('machines.page.boot.usual', { time: formatDuration(timeline.medianMs) })}
          </span>
        )}
      </p>
      {boot.coldBecause !== undefined && (
        <p className="dim">{t(`machines.page.boot.coldBecause.${boot.coldBecause}`)}</p>
      )}
      {boot.secondTry && (
        <p className="boot__again">
          {t('machines.page.boot.secondTry', { stage: t(`machines.stage.${boot.secondTry.stage}`) })}{' '}
          <span className="dim">
            {t('machines.page.boot.secondTryWhy', { reason: errorWords(t, boot.secondTry.error).title })}
          </span>
        </p>
      )}
      <ol className="boot__stages">
        {timeline.bars.map((bar) => (
          <Stage key={bar.name} bar={bar} spanMs={timeline.spanMs} />
        ))}
      </ol>
      {boot.error && <p className="boot__error">{errorWords(t, boot.error).title}</p>}
      {hasMedians && <p className="faint boot__legend">{t('machines.page.boot.legend')}</p>}
    </div>
  )
}

function Stage({ bar, spanMs }: { readonly bar: StageBar; readonly spanMs: number }): ReactNode {
  const t = useT()
  return (
    <li className={classNames('boot__stage', `boot__stage--${bar.state}`)}>
      <span className="boot__name">{t(`machines.stage.${bar.name}`)}</span>
      <span className="boot__track" aria-hidden="true">
        {bar.medianMs !== undefined && (
          <span className="boot__usual" style={placed(bar.startMs, bar.medianMs, spanMs)} />
        )}
        {bar.state !== 'waiting' && (
          <span className="boot__bar" style={placed(bar.startMs, bar.endMs - bar.startMs, spanMs)} />
        )}
      </span>
      <span className="boot__words num">{stageWords(t, bar)}</span>
    </li>
  )
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(3)}%`

const placed = (startMs: number, lengthMs: number, spanMs: number): CSSProperties => ({
  insetInlineStart: percent(startMs, spanMs),
  width: percent(lengthMs, spanMs),
})

function stageWords(t: Translate, bar: StageBar): string {
  const time = formatDuration(bar.endMs - bar.startMs)
  const usual =
    bar.medianMs === undefined ? [] : [t('machines.page.boot.usual', { time: formatDuration(bar.medianMs) })]
  switch (bar.state) {
    case 'waiting':
      return [t('machines.page.boot.waiting'), ...usual].join(' · ')
    case 'failed':
      return t('machines.page.boot.failedAfter', { time })
    case 'going':
      return [time, ...usual, ...atMost(t, bar)].join(' · ')
    case 'done':
      return [time, ...usual].join(' · ')
  }
}

const atMost = (t: Translate, { deadlineMs }: StageBar): string[] =>
  deadlineMs === undefined ? [] : [t('machines.page.boot.atMost', { time: formatDuration(deadlineMs) })]
