import type { ReactNode } from 'react'
import type { Machine, MachineUsage } from '../../../../../shared/model'
import { useT } from '../../../../i18n'
import { formatBytes, formatNumber } from '../../../../i18n/format'
import { isMachineUp } from '../../../../objects/machine-words'
import { useMachinePending } from '../../../../store/machines'
import { useMachineUsage } from '../../../../store/machine-usage'
import { Button, ProgressBar, Section, Sparkline } from '../../../../ui'
import { hasDisk } from '../../list/UsageCells'
import { giveBack } from './give-back'

/** CPU, memory and disk: inside the machine, and what they take of this computer. */
export function UsageSection({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const readings = useMachineUsage(machine.id, hasDisk(machine))
  const last = readings.at(-1)
  if (machine.state.kind === 'starting') return null
  return (
    <Section title={t('machines.page.usage.title')} actions={<Trim machine={machine} />}>
      {isMachineUp(machine) ? (
        <Live machine={machine} readings={readings} />
      ) : (
        <p className="dim">{t('machines.page.usage.offText')}</p>
      )}
      {last && !isMachineUp(machine) && (
        <div className="machine-usage">
          <Meter
            label={t('machines.page.usage.diskHost')}
            used={last.diskHostBytes}
            total={machine.settings.diskGiB * 1024 ** 3}
          />
        </div>
      )}
      <p className="faint">{t('machines.page.usage.trimHint')}</p>
    </Section>
  )
}

function Trim({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const pending = useMachinePending(machine.id)
  return (
    <Button
      size="sm"
      disabled={!isMachineUp(machine)}
      busy={pending === 'trim'}
      onClick={() => void giveBack(t, machine.id)}
    >
      {t('machines.page.usage.trim')}
    </Button>
  )
}

interface LiveProps {
  readonly machine: Machine
  readonly readings: readonly MachineUsage[]
}

function Live({ machine, readings }: LiveProps): ReactNode {
  const t = useT()
  const last = readings.at(-1)
  if (!last) return <p className="dim">{t('machines.page.usage.waiting')}</p>
  const { cpus } = machine.settings
  const cpu = t('machines.page.usage.cpu')
  return (
    <div className="machine-usage">
      <span className="dim">{cpu}</span>
      <Sparkline
        values={readings.map((reading) => reading.hostCpu)}
        max={cpus}
        label={cpu}
        width={220}
        height={18}
      />
      <span className="num machine-usage__value">
        {t('machines.page.usage.cpuText', { used: formatNumber(last.hostCpu, 2), count: cpus })}
      </span>
      <Meter
        label={t('machines.page.usage.memoryInside')}
        used={last.guestMemoryBytes}
        total={last.guestMemoryTotalBytes}
      />
      <Meter
        label={t('machines.page.usage.memoryHost')}
        used={last.hostMemoryBytes}
        // What a hypervisor itself takes comes on top of the guest's memory.
        total={Math.max(last.hostMemoryBytes, machine.settings.memoryMiB * 1024 ** 2)}
      />
      <Meter
        label={t('machines.page.usage.diskInside')}
        used={last.diskUsedBytes}
        total={last.diskTotalBytes}
      />
      <Meter
        label={t('machines.page.usage.diskHost')}
        used={last.diskHostBytes}
        total={Math.max(last.diskHostBytes, last.diskTotalBytes)}
      />
    </div>
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
      <span className="num machine-usage__value">
        {t('machines.page.usage.ofTotal', {
          used: formatBytes(used, 'binary'),
          total: formatBytes(total, 'binary'),
        })}
      </span>
    </>
  )
}
