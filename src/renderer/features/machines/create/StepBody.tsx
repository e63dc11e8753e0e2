import type { ReactNode } from 'react'
import type { MachineProposal } from '../../../../shared/model'
import { useT } from '../../../i18n'
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
  return (
    <>
      <p>
        <strong>
          <bdi>{settings.name}</bdi>
        </strong>{' '}
        <span className="dim">{t(`machines.backend.${settings.backend}`)}</span>
      </p>
      <p className="dim">{t('machines.settings.wizard.willTake')}</p>
      <WillTake proposal={proposal} settings={settings} />
      <Checkbox label={t('machines.settings.wizard.startNow')} checked={startsNow} onChange={onStartsNow} />
    </>
  )
}
