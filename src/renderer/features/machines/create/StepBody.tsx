import type { ReactNode } from 'react'
import type { MachineProposal } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import { Checkbox, TextField } from '../../../ui'
import { settingsOf } from '../settings/draft'
import { useMachineForm, useProblem } from '../settings/form'
import { LifeFields } from '../settings/LifeFields'
import { DiskDirField, ResourceFields } from '../settings/ResourceFields'
import { ShareFields } from '../settings/ShareFields'
import { BackendChoice } from './BackendChoice'
import type { WizardStep } from './steps'
import { WillTake } from './WillTake'

interface StepBodyProps {
  readonly step: WizardStep
  readonly proposal: MachineProposal
  readonly startsNow: boolean
  readonly onStartsNow: (startsNow: boolean) => void
}

export function StepBody(props: StepBodyProps): ReactNode {
  switch (props.step) {
    case 'what':
      return <What proposal={props.proposal} />
    case 'resources':
      return (
        <>
          <ResourceFields />
          <DiskDirField />
        </>
      )
    case 'folders':
      return (
        <>
          <ShareFields />
          <LifeFields />
        </>
      )
    case 'summary':
      return <Summary {...props} />
  }
}

function What({ proposal }: { readonly proposal: MachineProposal }): ReactNode {
  const t = useT()
  const { draft, change } = useMachineForm()
  const problem = useProblem()
  return (
    <>
      <p className="dim">{t('machines.onboarding.text')}</p>
      <TextField
        autoFocus
        mono
        label={t('machines.settings.name')}
        value={draft.name}
        error={problem('name')}
        onChange={(name) => change({ name })}
      />
      <BackendChoice proposal={proposal} />
    </>
  )
}

function Summary({ proposal, startsNow, onStartsNow }: StepBodyProps): ReactNode {
  const t = useT()
  const { draft } = useMachineForm()
  const settings = settingsOf(draft)
  const paths = settings.shares.map((share) => share.path).join(', ')
  return (
    <>
      <ul>
        <li>
          <strong>
            <bdi>{settings.name}</bdi>
          </strong>
        </li>
        <li>
          {t('machines.settings.wizard.lineResources', {
            cpus: settings.cpus,
            memory: formatBytes(settings.memoryMiB * 1024 ** 2, 'binary'),
          })}
        </li>
        <li>
          {t('machines.settings.wizard.lineDisk', {
            disk: formatBytes(settings.diskGiB * 1024 ** 3, 'binary'),
          })}
        </li>
        <li>
          {paths === ''
            ? t('machines.settings.wizard.lineNoShares')
            : t('machines.settings.wizard.lineHome', { paths })}
        </li>
      </ul>
      <h3>{t('machines.settings.wizard.willTake')}</h3>
      <WillTake proposal={proposal} settings={settings} />
      <Checkbox label={t('machines.settings.wizard.startNow')} checked={startsNow} onChange={onStartsNow} />
    </>
  )
}
