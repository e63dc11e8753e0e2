import type { ReactNode } from 'react'
import type { LayerSummary, ObjectRef } from '../../../../shared/model'
import { useCall } from '../../../api'
import { useT } from '../../../i18n'
import { formatBytes, formatNumber, formatPercent } from '../../../i18n/format'
import { Button, ProgressBar } from '../../../ui'
import type { Placing } from '../place'
import { FasterLink } from '../read/ReadFrame'

interface SummaryBarProps {
  readonly imageRef: ObjectRef
  readonly summary: LayerSummary
  readonly placing: Placing
}

const shown = 3

/** The sums: how big, how much of it is of use, and the worst offenders, one click away. */
export function SummaryBar({ imageRef, summary, placing }: SummaryBarProps): ReactNode {
  const t = useT()
  const percent = formatPercent(summary.efficiency * 100)
  return (
    <div className="layers-summary">
      <span>
        {t('layers.summary.total', {
          size: formatBytes(summary.totalBytes),
          layers: summary.layers.length,
          entries: formatNumber(summary.entries),
        })}
      </span>
      <span className="layers-summary__efficiency" title={t('layers.summary.efficiencyHint')}>
        {t('layers.summary.efficiency', { percent })}
        <ProgressBar
          label={t('layers.summary.efficiency', { percent })}
          value={summary.efficiency * 100}
          max={100}
        />
      </span>
      <span className={summary.wastedBytes > 0 ? 'layers-summary__waste' : undefined}>
        {summary.wastedBytes > 0
          ? t('layers.summary.wasted', { size: formatBytes(summary.wastedBytes) })
          : t('layers.summary.noWaste')}
      </span>
      {summary.wastedBytes > 0 && <Worst imageRef={imageRef} placing={placing} />}
      {summary.road === 'save' && (
        <span className="layers-faint">
          {t('layers.summary.slow')} <FasterLink engine={imageRef.engine} />
        </span>
      )}
      {summary.refused > 0 && (
        <span className="layers-summary__waste">
          {t('layers.summary.refused', { count: summary.refused })}
        </span>
      )}
    </div>
  )
}

function Worst({
  imageRef,
  placing,
}: {
  readonly imageRef: ObjectRef
  readonly placing: Placing
}): ReactNode {
  const t = useT()
  const wasted = useCall('layers.wasted', { ...imageRef, limit: shown })
  return (
    <span className="layers-summary__worst">
      {wasted.value?.paths.map((one) => (
        <Button
          key={one.path}
          size="sm"
          variant="ghost"
          title={one.path}
          onClick={() =>
            placing.go({
              path: one.path,
              layer: one.copies[0]?.hiddenBy,
              view: 'layer',
              show: 'tree',
              tab: 'details',
            })
          }
        >
          <bdi className="layers-summary__name mono">{one.name}</bdi>
          <span className="num">{formatBytes(one.wastedBytes)}</span>
        </Button>
      ))}
      {(wasted.value?.total ?? 0) > shown && (
        <Button size="sm" variant="ghost" onClick={() => placing.go({ show: 'waste' })}>
          {t('layers.summary.allWaste', { count: wasted.value?.total ?? 0 })}
        </Button>
      )}
    </span>
  )
}
