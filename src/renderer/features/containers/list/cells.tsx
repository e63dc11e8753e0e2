import type { ReactNode } from 'react'
import { keyOf, type Container } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { formatAge, formatBytes, formatPercent, formatTime } from '../../../i18n/format'
import { pendingWords, stateWords, toneOf } from '../../../objects/container-words'
import { useEngine } from '../../../store/inventory'
import { useNow } from '../../../store/now'
import { usePending } from '../../../store/pending'
import { useStats } from '../../../store/stats'
import { Badge, Sparkline, StatusDot } from '../../../ui'
import { hostOf, shownPorts, type ShownPort } from '../ports'

interface CellProps {
  readonly container: Container
}

export function NameCell({ container }: CellProps): ReactNode {
  const t = useT()
  const pending = usePending(keyOf(container))
  const label = pending === undefined ? stateWords(t, container) : pendingWords(t, pending)
  return (
    <>
      <StatusDot tone={pending === undefined ? toneOf(container) : 'busy'} label={label} />
      <bdi className="containers__name" title={container.name}>
        {container.name}
      </bdi>
      <HealthBadge container={container} />
    </>
  )
}

function HealthBadge({ container }: CellProps): ReactNode {
  const t = useT()
  const { health, state } = container
  if (state !== 'running' || (health !== 'unhealthy' && health !== 'starting')) return null
  return <Badge tone={health === 'unhealthy' ? 'bad' : 'busy'}>{t(`containers.health.${health}`)}</Badge>
}

export function StatusCell({ container }: CellProps): ReactNode {
  const t = useT()
  const pending = usePending(keyOf(container))
  if (pending !== undefined) return <span className="containers__pending">{pendingWords(t, pending)}</span>
  return <span title={container.status}>{stateWords(t, container)}</span>
}

export function PortsCell({ container }: CellProps): ReactNode {
  const engine = useEngine(container.engine)
  const ports = shownPorts(container.ports, hostOf(engine?.address ?? ''))
  return (
    <span className="containers__ports" title={ports.map((port) => port.text).join('\n')}>
      {ports.slice(0, shownInCell).map((port) => (
        <PortLink key={port.text} port={port} isRunning={container.state === 'running'} isShort />
      ))}
      {ports.length > shownInCell && (
        <span className="containers__more-ports num">+{ports.length - shownInCell}</span>
      )}
    </span>
  )
}

/** As many as have room for their host port in a narrow column; all of them are in the title and the menu. */
const shownInCell = 2

interface PortLinkProps {
  readonly port: ShownPort
  readonly isRunning: boolean
  /** For where there is little room. */
  readonly isShort?: boolean
}

/** Opens in the browser: a new tab there, the system's browser from the desktop app. */
export function PortLink({ port, isRunning, isShort = false }: PortLinkProps): ReactNode {
  const t = useT()
  const text = isShort ? port.short : port.text
  if (port.url === undefined || !isRunning)
    return <span className="containers__port containers__port--shut num">{text}</span>
  return (
    <a
      className="containers__port num"
      href={port.url}
      target="_blank"
      rel="noopener noreferrer"
      title={t('containers.openInBrowser', { url: port.url })}
    >
      {text}
    </a>
  )
}

export function CpuCell({ container }: CellProps): ReactNode {
  const t = useT()
  const samples = useStats(container)
  const last = samples.at(-1)
  if (container.state !== 'running' || !last) return <NoReading />
  // A full core is the least top: idle noise must not look like load.
  const values = samples.map((sample) => sample.cpuPercent)
  return (
    <>
      <Sparkline
        values={values}
        max={Math.max(100, ...values)}
        label={t('containers.columns.cpu')}
        width={48}
      />
      <span className="num containers__reading containers__reading--short">
        {formatPercent(last.cpuPercent)}
      </span>
    </>
  )
}

export function MemoryCell({ container }: CellProps): ReactNode {
  const t = useT()
  const samples = useStats(container)
  const last = samples.at(-1)
  if (container.state !== 'running' || !last) return <NoReading />
  return (
    <>
      <Sparkline
        values={samples.map((sample) => sample.memoryBytes)}
        max={Math.max(1, ...samples.map((sample) => sample.memoryBytes)) * 1.25}
        label={t('containers.columns.memory')}
        width={48}
      />
      <span className="num containers__reading">{formatBytes(last.memoryBytes, 'binary')}</span>
    </>
  )
}

/** A dash for eyes; assistive tools hear nothing where there is nothing. */
const NoReading = (): ReactNode => (
  <span className="containers__none" aria-hidden="true">
    —
  </span>
)

export function AgeCell({ container }: CellProps): ReactNode {
  useT()
  const now = useNow()
  const engine = useEngine(container.engine)
  // The time of creation is by the engine's clock: so is now.
  const engineNow = now + (engine?.clockSkewMs ?? 0)
  return <span title={formatTime(container.createdAtMs)}>{formatAge(container.createdAtMs, engineNow)}</span>
}
