import { Activity } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import type { Container, StatSample } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { formatBytes, formatNumber, formatPercent, formatRate } from '../../../i18n/format'
import { Button, EmptyState, Loading, ScrollArea } from '../../../ui'
import { doVerb } from '../actions/do-verb'
import { Chart, type ChartProps } from './Chart'
import { toSeries, type Series } from './series'
import { spanMinutes, useHistory } from './use-history'

interface StatsTabProps {
  readonly container: Container
  /** 0: none was set, and what the engine reports is the host's memory. */
  readonly limitBytes: number
}

const formatMemory = (bytes: number): string => formatBytes(bytes, 'binary')

/** CPU, memory, network and disk while this is open. Nothing is measured while the window is hidden. */
export function StatsTab({ container, limitBytes }: StatsTabProps): ReactNode {
  const t = useT()
  const isLive = container.state === 'running' || container.state === 'paused'
  const history = useHistory(container, isLive)
  const series = useMemo(() => toSeries(history), [history])
  const last = history.at(-1)
  if (!isLive && !last) return <Stopped container={container} />
  if (!last) return <Loading label={t('stats.waiting')} />
  return (
    <ScrollArea>
      <p className="containers__hint" role="status">
        {isLive ? t('stats.last', { minutes: spanMinutes }) : t('stats.stopped')} · {t('stats.processes')}:{' '}
        <span className="num">{formatNumber(last.pids)}</span>
      </p>
      <OomKills count={last.oomKills ?? 0} />
      <Charts container={container} series={series} last={last} limitBytes={limitBytes} />
    </ScrollArea>
  )
}

/** Since the container's start: a process that is gone leaves no other trace in a container that runs on. */
function OomKills({ count }: { readonly count: number }): ReactNode {
  const t = useT()
  if (count === 0) return null
  return <p className="charts__killed">{t('stats.oomKills', { count, number: formatNumber(count) })}</p>
}

interface ChartsProps extends StatsTabProps {
  readonly series: Series
  readonly last: StatSample
}

function Charts({ container, series, last, limitBytes }: ChartsProps): ReactNode {
  const t = useT()
  const chart = (name: string) => ({
    title: name,
    label: t('stats.chart', { name, container: container.name }),
  })
  const total = (read: number, written: number): string =>
    t('stats.total', { size: `↓ ${formatBytes(read)}  ↑ ${formatBytes(written)}` })
  const [times, used, limit] = series.memory
  return (
    <div className="charts">
      <Chart
        {...chart(t('stats.cpu'))}
        lines={[{ label: t('stats.used'), colour: '--accent' }]}
        columns={series.cpu}
        format={formatPercent}
        smallestTop={12.5}
        note={t('stats.cpuHint')}
      />
      <Chart
        {...chart(t('stats.memory'))}
        lines={[
          { label: t('stats.used'), colour: '--accent' },
          ...(limitBytes > 0 ? [{ label: t('stats.limit'), colour: '--bad', isDashed: true }] : []),
        ]}
        columns={limitBytes > 0 && limit ? series.memory : [times, used ?? []]}
        format={formatMemory}
        smallestTop={1024 * 1024}
        isBinary
      />
      <Chart
        {...chart(t('stats.network'))}
        lines={[
          { label: t('stats.received'), colour: '--accent' },
          { label: t('stats.sent'), colour: '--warn' },
        ]}
        columns={series.network}
        format={formatRate}
        smallestTop={1000}
        note={total(last.netRxBytes, last.netTxBytes)}
      />
      <Chart
        {...chart(t('stats.disk'))}
        lines={[
          { label: t('stats.read'), colour: '--accent' },
          { label: t('stats.written'), colour: '--warn' },
        ]}
        columns={series.disk}
        format={formatRate}
        smallestTop={1000}
        note={total(last.blockReadBytes, last.blockWriteBytes)}
      />
      {series.pressure && <Pressure {...chart(t('stats.pressure'))} columns={series.pressure} />}
    </div>
  )
}

/** How much of the time something waited for each: what a CPU or a disk that is full does to the container. */
function Pressure(props: Pick<ChartProps, 'title' | 'label' | 'columns'>): ReactNode {
  const t = useT()
  return (
    <Chart
      {...props}
      lines={[
        { label: t('stats.cpu'), colour: '--accent' },
        { label: t('stats.memory'), colour: '--warn' },
        { label: t('stats.disk'), colour: '--ok' },
      ]}
      format={formatPercent}
      smallestTop={12.5}
      note={t('stats.pressureHint')}
    />
  )
}

function Stopped({ container }: { readonly container: Container }): ReactNode {
  const t = useT()
  return (
    <EmptyState
      icon={<Activity />}
      title={t('stats.stopped')}
      text={t('stats.stoppedText')}
      action={<Button onClick={() => doVerb('start', [container])}>{t('stats.start')}</Button>}
    />
  )
}
