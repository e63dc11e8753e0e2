import { ChartLine } from 'lucide-react'
import { useEffect, useMemo, type ReactNode } from 'react'
import type { Container } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { formatBytes, formatPercent } from '../../../i18n/format'
import { useEnginesServed } from '../../../store/agents'
import { latestReading, onReadings, watchStats } from '../../../store/stats'
import { IconButton, Sparkline } from '../../../ui'
import { useTotals, type TotalsHistory } from './totals-history'
import './live-totals.css'

/** A minute at one reading a second. */
const drawn = 60
/** Idle noise stays flat. */
export const leastTopPercent = 12.5
/** The contract's own limit. */
const watchedAtMost = 2000

interface LiveTotalsProps {
  readonly containers: readonly Container[]
  readonly history: TotalsHistory
  readonly isOpen: boolean
  readonly onOpen: (isOpen: boolean) => void
}

/** CPU and memory of all running containers, where an agent reads them: through the API it would cost too much. */
export function LiveTotals({ containers, ...rest }: LiveTotalsProps): ReactNode {
  const served = useEnginesServed('stats.watch')
  const wanted = useMemo(
    () =>
      containers
        .filter(({ state, engine }) => state === 'running' && served.has(engine))
        .slice(0, watchedAtMost)
        .map(({ engine, id }) => ({ engine, id })),
    [containers, served],
  )
  // As text, so that a new but equal set does not ask again.
  const key = JSON.stringify(wanted)
  return wanted.length === 0 ? null : <Watched refs={key} {...rest} />
}

type WatchedProps = Omit<LiveTotalsProps, 'containers'> & { readonly refs: string }

function Watched({ refs, history, isOpen, onOpen }: WatchedProps): ReactNode {
  const t = useT()
  const totals = useTotals(history)
  useEffect(() => {
    const watched = JSON.parse(refs) as Parameters<typeof watchStats>[0]
    const read = (): void => history.take(watched.flatMap((ref) => latestReading(ref) ?? []))
    const undo = [watchStats(watched), onReadings(read)]
    return () => undo.forEach((step) => step())
  }, [refs, history])
  // Others that run later begin their own curve.
  useEffect(() => () => history.clear(), [history])
  const cpu = totals.cpuPercent.at(-1)
  const memory = totals.memoryBytes.at(-1)
  if (cpu === undefined || memory === undefined) return null
  const cpuDrawn = totals.cpuPercent.slice(-drawn)
  return (
    <div className="live-totals" role="group" aria-label={t('containers.totals')}>
      <span className="live-totals__one live-totals__one--cpu">
        <Sparkline
          max={Math.max(leastTopPercent, ...cpuDrawn)}
          values={cpuDrawn}
          label={t('containers.totalCpu')}
          width={72}
          capacity={drawn}
        />
        <span className="dim">{t('containers.columns.cpu')}</span>
        <span className="num live-totals__value">{formatPercent(cpu)}</span>
      </span>
      <span className="live-totals__one live-totals__one--memory">
        <Sparkline
          values={totals.memoryBytes.slice(-drawn)}
          label={t('containers.totalMemory')}
          width={72}
          capacity={drawn}
        />
        <span className="dim">{t('containers.columns.memory')}</span>
        <span className="num live-totals__value">{formatBytes(memory, 'binary')}</span>
      </span>
      <IconButton
        size="sm"
        label={t(isOpen ? 'containers.overview.hide' : 'containers.overview.show')}
        icon={<ChartLine />}
        aria-expanded={isOpen}
        onClick={() => onOpen(!isOpen)}
      />
    </div>
  )
}
