import { useEffect, useMemo, useState, type ReactNode } from 'react'
import type { Container } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { formatBytes, formatPercent } from '../../../i18n/format'
import { useEnginesServed } from '../../../store/agents'
import { latestReading, onReadings, watchStats } from '../../../store/stats'
import { Sparkline } from '../../../ui'
import './live-totals.css'

/** A minute at one reading a second. */
const kept = 60
/** Idle noise stays flat. */
const leastTopPercent = 12.5
/** The contract's own limit. */
const watchedAtMost = 2000

interface Totals {
  readonly cpuPercent: readonly number[]
  readonly memoryBytes: readonly number[]
}

const none: Totals = { cpuPercent: [], memoryBytes: [] }

/** CPU and memory of all running containers, where an agent reads them: through the API it would cost too much. */
export function LiveTotals({ containers }: { readonly containers: readonly Container[] }): ReactNode {
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
  return wanted.length === 0 ? null : <Totals refs={key} />
}

function Totals({ refs }: { readonly refs: string }): ReactNode {
  const t = useT()
  const [totals, setTotals] = useState(none)
  useEffect(() => {
    const watched = JSON.parse(refs) as Parameters<typeof watchStats>[0]
    const undo = [watchStats(watched), onReadings(() => setTotals((was) => withNow(was, watched)))]
    return () => undo.forEach((step) => step())
  }, [refs])
  const cpu = totals.cpuPercent.at(-1)
  const memory = totals.memoryBytes.at(-1)
  if (cpu === undefined || memory === undefined) return null
  return (
    <div className="live-totals" role="group" aria-label={t('containers.totals')}>
      <span className="live-totals__one live-totals__one--cpu">
        <Sparkline
          max={Math.max(leastTopPercent, ...totals.cpuPercent)}
          values={totals.cpuPercent}
          label={t('containers.totalCpu')}
          width={72}
          capacity={kept}
        />
        <span className="dim">{t('containers.columns.cpu')}</span>
        <span className="num live-totals__value">{formatPercent(cpu)}</span>
      </span>
      <span className="live-totals__one live-totals__one--memory">
        <Sparkline
          values={totals.memoryBytes}
          label={t('containers.totalMemory')}
          width={72}
          capacity={kept}
        />
        <span className="dim">{t('containers.columns.memory')}</span>
        <span className="num live-totals__value">{formatBytes(memory, 'binary')}</span>
      </span>
    </div>
  )
}

function withNow(was: Totals, refs: Parameters<typeof watchStats>[0]): Totals {
  const readings = refs.flatMap((ref) => latestReading(ref) ?? [])
  if (readings.length === 0) return was
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return {
    cpuPercent: [...was.cpuPercent, sum(readings.map((one) => one.cpuPercent))].slice(-kept),
    memoryBytes: [...was.memoryBytes, sum(readings.map((one) => one.memoryBytes))].slice(-kept),
  }
}
