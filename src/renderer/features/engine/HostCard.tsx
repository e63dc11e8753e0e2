import type { ReactNode } from 'react'
import type { Engine, HostDisk, HostReading } from '../../../shared/model'
import { useT } from '../../i18n'
import { formatBytes, formatDuration, formatNumber, formatPercent } from '../../i18n/format'
import { useAgentServes } from '../../store/agents'
import { useHostUsage } from '../../store/host-usage'
import { LinkButton, ProgressBar, Sparkline } from '../../ui'
import { PortList } from './PortList'

/** Less is the road's own delay. */
const clockMatters = 3000

/** CPU, memory, disk and clock of the computer that the engine runs on. */
export function HostCard({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const isServed = useAgentServes(engine.id, 'host.watch')
  const readings = useHostUsage(engine.id, isServed)
  const last = readings.at(-1)
  return (
    <section className="host-card" aria-label={t('engine.host.title')}>
      <div className="agent-card__head">
        <h3 className="agent-card__title">{t('engine.host.title')}</h3>
        {last && (
          <span className="dim">
            {t('engine.host.up', { duration: formatDuration(last.uptimeMs), kernel: last.kernel })}
          </span>
        )}
        <span className="agent-card__space" />
        <LinkButton size="sm" href={`#/disk/${encodeURIComponent(engine.id)}`}>
          {t('engine.host.space')}
        </LinkButton>
      </div>
      {!isServed && <p className="dim">{t('engine.host.noAgent')}</p>}
      {isServed && !last && <p className="dim">{t('engine.host.waiting')}</p>}
      {isServed && last && <Live readings={readings} last={last} />}
      <PortList engine={engine} />
    </section>
  )
}

interface LiveProps {
  readonly readings: readonly HostReading[]
  readonly last: HostReading
}

function Live({ readings, last }: LiveProps): ReactNode {
  const t = useT()
  const aheadMs = last.clockAheadMs
  return (
    <>
      <div className="host-card__meters">
        <span className="dim">{t('engine.host.cpu')}</span>
        <Sparkline
          values={readings.map(({ cpuPercent }) => cpuPercent)}
          max={100}
          label={t('engine.host.cpu')}
          width={220}
          height={18}
        />
        <span className="num">
          {t('engine.host.cpuText', {
            cpu: formatPercent(last.cpuPercent),
            count: last.cpus,
            load: last.load.map((one) => formatNumber(one, 2)).join(' · '),
          })}
        </span>
        <Meter label={t('engine.host.memory')} used={last.usedBytes} total={last.memoryBytes} />
        {last.swapBytes > 0 && (
          <Meter label={t('engine.host.swap')} used={last.swapUsedBytes} total={last.swapBytes} />
        )}
        {last.disks.map((disk) => (
          <DiskMeter key={disk.path} disk={disk} />
        ))}
      </div>
      {Math.abs(aheadMs) > clockMatters && (
        <p role="alert" className="host-card__clock">
          {t(aheadMs > 0 ? 'engine.host.clockAhead' : 'engine.host.clockBehind', {
            duration: formatDuration(Math.abs(aheadMs)),
          })}
        </p>
      )}
    </>
  )
}

interface MeterProps {
  readonly label: string
  readonly used: number
  readonly total: number
}

function Meter({ label, used, total }: MeterProps): ReactNode {
  const t = useT()
  return (
    <>
      <span className="dim">{label}</span>
      <ProgressBar label={label} value={used} max={total} />
      <span className="num">
        {t('engine.host.ofTotal', {
          used: formatBytes(used, 'binary'),
          total: formatBytes(total, 'binary'),
        })}
      </span>
    </>
  )
}

function DiskMeter({ disk }: { readonly disk: HostDisk }): ReactNode {
  const t = useT()
  const { path, totalBytes, freeBytes, inodes, freeInodes } = disk
  const label = t('engine.host.disk', { path })
  const text = t('engine.host.diskText', {
    used: formatBytes(totalBytes - freeBytes, 'binary'),
    total: formatBytes(totalBytes, 'binary'),
    free: formatBytes(freeBytes, 'binary'),
  })
  // A file system may be full of names with room for bytes left.
  const files = t('engine.host.inodes', { free: formatNumber(freeInodes), total: formatNumber(inodes) })
  return (
    <>
      <bdi className="dim truncate" title={label}>
        {label}
      </bdi>
      <ProgressBar label={label} value={totalBytes - freeBytes} max={totalBytes} />
      <span className="num" title={inodes > 0 ? files : undefined}>
        {text}
        {inodes > 0 && freeInodes < inodes / 20 && ` · ${files}`}
      </span>
    </>
  )
}
