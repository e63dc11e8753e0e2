import { ArrowDownToLine, Clock, Download, Eraser, RotateCw, WrapText } from 'lucide-react'
import type { ReactNode } from 'react'
import { type TextKey, type Translate, useT } from '../../i18n'
import { formatNumber } from '../../i18n/format'
import { IconButton, Select, TextField } from '../../ui'
import { boundsOf, type LogRange, type RangePreset, rangePresets } from './log-range'
import type { SourceFilter } from './log-rows'
import { type LogSettings, tailChoices } from './log-settings'

export interface LogToolbarProps {
  readonly settings: LogSettings
  readonly onSettings: (change: Partial<LogSettings>) => void
  readonly range: LogRange
  readonly onRange: (range: LogRange) => void
  readonly isFollowing: boolean
  readonly onFollow: (on: boolean) => void
  readonly onClear: () => void
  readonly onReload: () => void
  readonly onDownload: () => void
}

const rangeKeys: Record<RangePreset, TextKey> = {
  all: 'logs.rangeAll',
  '5m': 'logs.range5m',
  '15m': 'logs.range15m',
  '1h': 'logs.range1h',
  '24h': 'logs.range24h',
  custom: 'logs.rangeCustom',
}
const sourceKeys: Record<SourceFilter, TextKey> = {
  all: 'logs.sourceAll',
  stdout: 'logs.sourceStdout',
  stderr: 'logs.sourceStderr',
}
const sources = ['all', 'stdout', 'stderr'] as const

export function LogToolbar(props: LogToolbarProps): ReactNode {
  const { settings, onSettings, range } = props
  const t = useT()
  return (
    <>
      <Select
        hideLabel
        label={t('logs.tail')}
        value={settings.tail}
        onChange={(tail) => onSettings({ tail })}
        options={tailChoices.map((value) => ({ value, label: tailWords(t, value) }))}
      />
      <Select
        hideLabel
        label={t('logs.range')}
        value={range.preset}
        onChange={(preset) => props.onRange({ ...range, preset })}
        options={rangePresets.map((value) => ({ value, label: t(rangeKeys[value]) }))}
      />
      <Select
        hideLabel
        label={t('logs.source')}
        value={settings.source}
        onChange={(source) => onSettings({ source })}
        options={sources.map((value) => ({ value, label: t(sourceKeys[value]) }))}
      />
      <Toggles {...props} />
      <IconButton label={t('logs.clear')} icon={<Eraser aria-hidden="true" />} onClick={props.onClear} />
      <IconButton label={t('logs.reload')} icon={<RotateCw aria-hidden="true" />} onClick={props.onReload} />
      <IconButton
        label={t('logs.download')}
        icon={<Download aria-hidden="true" />}
        onClick={props.onDownload}
      />
    </>
  )
}

function Toggles({ settings, onSettings, isFollowing, onFollow }: LogToolbarProps): ReactNode {
  const t = useT()
  return (
    <>
      <IconButton
        label={t('logs.times')}
        icon={<Clock aria-hidden="true" />}
        className="log-view__switch"
        aria-pressed={settings.hasTimes}
        onClick={() => onSettings({ hasTimes: !settings.hasTimes })}
      />
      <IconButton
        label={t('logs.wrap')}
        icon={<WrapText aria-hidden="true" />}
        className="log-view__switch"
        aria-pressed={settings.isWrapped}
        onClick={() => onSettings({ isWrapped: !settings.isWrapped })}
      />
      <IconButton
        label={t('logs.follow')}
        icon={<ArrowDownToLine aria-hidden="true" />}
        className="log-view__switch"
        aria-pressed={isFollowing}
        onClick={() => onFollow(!isFollowing)}
      />
    </>
  )
}

/** From … to …, when the person wants their own. */
export function CustomRange({ range, onRange }: Pick<LogToolbarProps, 'range' | 'onRange'>): ReactNode {
  const t = useT()
  const { isBackwards } = boundsOf(range, 0)
  return (
    <div className="log-view__range">
      <TextField
        type="datetime-local"
        label={t('logs.since')}
        value={range.since}
        onChange={(since) => onRange({ ...range, since })}
      />
      <TextField
        type="datetime-local"
        label={t('logs.until')}
        value={range.until}
        onChange={(until) => onRange({ ...range, until })}
        error={isBackwards ? t('logs.backwards') : undefined}
      />
    </div>
  )
}

const tailWords = (t: Translate, tail: (typeof tailChoices)[number]): string =>
  tail === 'all' ? t('logs.tailAll') : t('logs.tailLast', { number: formatNumber(Number(tail)) })
