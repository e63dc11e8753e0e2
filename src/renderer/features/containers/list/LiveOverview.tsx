import { useMemo, useState, type ReactNode } from 'react'
import { keyOf, type Container, type StatSample } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { formatBytes, formatPercent } from '../../../i18n/format'
import { Chart } from '../stats/Chart'
import { containerPath } from '../tabs'
import { leastTopPercent } from './LiveTotals'
import { topOf, type Measure, type Top } from './top-consumers'
import { keptMinutes, useTotals, type TotalsHistory } from './totals-history'

interface LiveOverviewProps {
  readonly containers: readonly Container[]
  readonly history: TotalsHistory
}

const formatMemory = (bytes: number): string => formatBytes(bytes, 'binary')
/** Four with their names beside a chart. */
const chartHeight = 112

/** All running containers over the last minutes, and who takes the most now. */
export function LiveOverview({ containers, history }: LiveOverviewProps): ReactNode {
  const t = useT()
  const { times, cpuPercent, memoryBytes, latest } = useTotals(history)
  const names = useMemo(() => new Map(containers.map((one) => [keyOf(one), one])), [containers])
  if (times.length === 0) return null
  return (
    <section className="live-overview" aria-label={t('containers.overview.title')}>
      <Chart
        title={t('stats.cpu')}
        label={t('containers.totalCpu')}
        lines={[{ label: t('containers.overview.all'), colour: '--accent' }]}
        columns={[times, cpuPercent]}
        format={formatPercent}
        smallestTop={leastTopPercent}
        height={chartHeight}
        note={t('containers.overview.last', { minutes: keptMinutes })}
      />
      <TopList measure="cpuPercent" latest={latest} names={names} />
      <Chart
        title={t('stats.memory')}
        label={t('containers.totalMemory')}
        lines={[{ label: t('containers.overview.all'), colour: '--ok' }]}
        columns={[times, memoryBytes]}
        format={formatMemory}
        smallestTop={1024 * 1024}
        height={chartHeight}
        isBinary
      />
      <TopList measure="memoryBytes" latest={latest} names={names} />
    </section>
  )
}

interface TopListProps {
  readonly measure: Measure
  readonly latest: readonly StatSample[]
  readonly names: ReadonlyMap<string, Container>
}

/** While the pointer is over it the names stay: a link must not become another one under it. */
function TopList({ measure, latest, names }: TopListProps): ReactNode {
  const t = useT()
  const [held, setHeld] = useState<readonly Top[]>()
  const now = topOf(latest, measure)
  const format = measure === 'cpuPercent' ? formatPercent : formatMemory
  const label = t(`containers.overview.top.${measure}`)
  return (
    <ol
      className="live-overview__top"
      aria-label={label}
      onPointerEnter={() => setHeld(now)}
      onPointerLeave={() => setHeld(undefined)}
    >
      {(held ?? now).map(({ key, value, share }) => {
        const one = names.get(key)
        return one === undefined ? null : (
          <li key={key}>
            <a
              className="live-overview__name truncate"
              href={`#${containerPath(one, 'stats')}`}
              title={one.name}
            >
              <bdi>{one.name}</bdi>
            </a>
            <span className="live-overview__bar" aria-hidden="true">
              <i style={{ width: `${share * 100}%` }} />
            </span>
            <span className="num">{format(value)}</span>
          </li>
        )
      })}
    </ol>
  )
}
