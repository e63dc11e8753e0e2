import type { ReactNode } from 'react'
import type { Engine, Machine } from '../../../../../shared/model'
import { useT, type Translate } from '../../../../i18n'
import { formatBytes, formatTime } from '../../../../i18n/format'
import { backendWords, machineStateWords } from '../../../../objects/machine-words'
import { useEngine } from '../../../../store/inventory'
import { KeyValues, ScrollArea, Section } from '../../../../ui'
import type { OnMachineDialog } from '../../actions/dialog'
import { BootSection } from '../../boot/BootSection'
import { ConnectSection } from './ConnectSection'
import { DegradedCard } from './DegradedCard'
import { FailedCard } from './FailedCard'
import { UsageSection } from './UsageSection'

interface OverviewTabProps {
  readonly machine: Machine
  readonly onDialog: OnMachineDialog
}

/** What is wrong first, then how the start goes, then what it takes, then facts. */
export function OverviewTab({ machine, onDialog }: OverviewTabProps): ReactNode {
  const isMoving = machine.state.kind === 'starting' || machine.state.kind === 'failed'
  return (
    <ScrollArea className="machine-page">
      <FailedCard machine={machine} onDialog={onDialog} />
      <DegradedCard machine={machine} onDialog={onDialog} />
      {isMoving && <BootSection machine={machine} />}
      <UsageSection machine={machine} />
      {!isMoving && <BootSection machine={machine} />}
      <ConnectSection machine={machine} />
      <FactsSection machine={machine} />
    </ScrollArea>
  )
}

function FactsSection({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const engine = useEngine(machine.engine)
  return (
    <Section title={t('machines.page.facts.title')}>
      <Emulated machine={machine} />
      <KeyValues
        rows={[
          { key: t('machines.page.facts.state'), value: sinceWords(t, machine) },
          { key: t('machines.page.facts.runsOn'), value: backendWords(t, machine) },
          { key: t('machines.page.facts.resources'), value: resourceWords(t, machine) },
          ...engineRow(t, engine),
          ...imageRow(t, machine),
        ]}
      />
    </Section>
  )
}

function Emulated({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const { accelerator } = machine
  if (!accelerator?.isEmulated) return null
  return (
    <p className="machine-page__emulated">
      {t('machines.emulatedText')}{' '}
      {accelerator.because !== undefined && (
        <span className="dim">{t('machines.emulatedBecause', { reason: accelerator.because })}</span>
      )}
    </p>
  )
}

function sinceWords(t: Translate, machine: Machine): string {
  const words = machineStateWords(t, machine)
  const { state } = machine
  return 'sinceMs' in state
    ? `${words}, ${t('machines.page.facts.since', { time: formatTime(state.sinceMs) })}`
    : words
}

function resourceWords(t: Translate, { settings }: Machine): string {
  const { cpus, memoryMiB, diskGiB, swapMiB } = settings
  const words = t('machines.page.facts.resourcesText', {
    cpus,
    memory: formatBytes(memoryMiB * 1024 ** 2, 'binary'),
    disk: formatBytes(diskGiB * 1024 ** 3, 'binary'),
  })
  if (swapMiB === 0) return words
  return `${words}, ${t('machines.page.facts.swap', { size: formatBytes(swapMiB * 1024 ** 2, 'binary') })}`
}

type Row = { readonly key: string; readonly value: ReactNode }

const engineRow = (t: Translate, engine: Engine | undefined): Row[] =>
  engine?.facts
    ? [
        {
          key: t('machines.page.facts.engine'),
          value: `${engine.facts.version}, ${engine.facts.os} ${engine.facts.arch}`,
        },
      ]
    : []

const imageRow = (t: Translate, { imageId }: Machine): Row[] =>
  imageId === undefined
    ? []
    : [
        {
          key: t('machines.page.facts.image'),
          value: (
            <bdi className="mono" title={imageId}>
              {imageId.slice(0, 12)}
            </bdi>
          ),
        },
      ]
