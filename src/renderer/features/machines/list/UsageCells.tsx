import type { ReactNode } from 'react'
import type { Machine, MachineUsage } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { formatBytes, formatNumber, formatPercent } from '../../../i18n/format'
import { isMachineUp } from '../../../objects/machine-words'
import { useMachineUsage } from '../../../store/machine-usage'

interface CellProps {
  readonly machine: Machine
}

/** A dash for eyes; assistive tools hear nothing where there is nothing. */
const NoReading = (): ReactNode => (
  <span className="faint" aria-hidden="true">
    —
  </span>
)

export function CpuCell({ machine }: CellProps): ReactNode {
  const t = useT()
  const last = useMachineUsage(machine.id, isMachineUp(machine)).at(-1)
  if (!last) return <NoReading />
  return (
    <span
      className="num machines__reading"
      title={t('machines.page.usage.cpuText', {
        used: formatNumber(last.hostCpu, 2),
        count: machine.settings.cpus,
      })}
    >
      {formatPercent(last.hostCpu * 100)}
    </span>
  )
}

/** Inside, and what it takes here: the two that people are told apart too seldom. */
export function MemoryCell({ machine }: CellProps): ReactNode {
  const t = useT()
  const last = useMachineUsage(machine.id, isMachineUp(machine)).at(-1)
  if (!last) return <NoReading />
  const words = {
    inside: formatBytes(last.guestMemoryBytes, 'binary'),
    total: formatBytes(last.guestMemoryTotalBytes, 'binary'),
    host: formatBytes(last.hostMemoryBytes, 'binary'),
  }
  return (
    <TwoSizes
      inside={words.inside}
      host={t('machines.onHost', { size: words.host })}
      title={t('machines.memoryTitle', words)}
    />
  )
}

export function DiskCell({ machine }: CellProps): ReactNode {
  const t = useT()
  const last = useMachineUsage(machine.id, hasDisk(machine)).at(-1)
  if (!last) return <NoReading />
  const words = diskWords(last, machine)
  return (
    <TwoSizes
      // Of a machine that is off only the host's side is known.
      inside={last.diskTotalBytes === 0 ? undefined : words.inside}
      host={t('machines.onHost', { size: words.host })}
      title={last.diskTotalBytes === 0 ? undefined : t('machines.diskTitle', words)}
    />
  )
}

export const hasDisk = ({ state }: Machine): boolean => state.kind !== 'absent'

const diskWords = (last: MachineUsage, machine: Machine) => ({
  inside: formatBytes(last.diskUsedBytes, 'binary'),
  total: formatBytes(last.diskTotalBytes || machine.settings.diskGiB * 1024 ** 3, 'binary'),
  host: formatBytes(last.diskHostBytes, 'binary'),
})

interface TwoSizesProps {
  readonly inside: string | undefined
  readonly host: string
  readonly title: string | undefined
}

const TwoSizes = ({ inside, host, title }: TwoSizesProps): ReactNode => (
  <span className="machines__sizes num" title={title}>
    {inside !== undefined && <span>{inside}</span>}
    <span className="faint">{host}</span>
  </span>
)
