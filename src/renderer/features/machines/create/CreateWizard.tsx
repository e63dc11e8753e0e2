import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { MachineProposal } from '../../../../shared/model'
import { act, useCall } from '../../../api'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { doToMachine, useMachines } from '../../../store/machines'
import { Button, Dialog, ErrorState, Loading } from '../../../ui'
import { machinePath } from '../paths'
import { draftOf, settingsOf, type Draft } from '../settings/draft'
import { MachineFormContext } from '../settings/form'
import { freeName } from '../settings/machine-name'
import { problemsOf } from '../settings/problems'
import { StepBody } from './StepBody'
import { isStepGood, wizardSteps, type WizardStep } from './steps'
import '../machines.css'
import '../settings/machine-form.css'

/** Proposes a machine for this computer, lets everything be changed, and makes it. */
export function CreateWizard({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT()
  const proposal = useCall('machines.propose', {})
  if (proposal.state === 'ready') return <Wizard proposal={proposal.value} onClose={onClose} />
  const words = proposal.error && errorWords(t, proposal.error)
  return (
    <Dialog open width={640} title={t('machines.settings.wizard.title')} onClose={onClose}>
      {words ? (
        <ErrorState
          title={t('machines.settings.wizard.failed')}
          text={`${words.title}. ${words.text}`}
          action={<Button onClick={proposal.reload}>{t('common.retry')}</Button>}
        />
      ) : (
        <Loading label={t('machines.settings.wizard.probing')} />
      )}
    </Dialog>
  )
}

interface WizardProps {
  readonly proposal: MachineProposal
  readonly onClose: () => void
}

function Wizard({ proposal, onClose }: WizardProps): ReactNode {
  const t = useT()
  const taken = useMachines().map((one) => one.settings.name)
  const [draft, setDraft] = useState<Draft>(() => ({
    ...draftOf(proposal.settings),
    name: freeName(proposal.settings.name, taken),
  }))
  const [step, setStep] = useState<WizardStep>('what')
  const [startsNow, setStartsNow] = useState(true)
  const { isBusy, create } = useCreate(onClose)
  const problems = problemsOf(draft, { taken, host: proposal.host })
  const at = wizardSteps.indexOf(step)
  const next = wizardSteps[at + 1]
  const before = wizardSteps[at - 1]
  const canGoOn = isStepGood(step, problems, { draft, proposal })
  return (
    <Dialog
      open
      width={640}
      title={t('machines.settings.wizard.title')}
      onClose={onClose}
      footer={
        <>
          {before && <Button onClick={() => setStep(before)}>{t('machines.settings.wizard.back')}</Button>}
          <span className="toolbar__space" />
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          {next ? (
            <Button variant="primary" disabled={!canGoOn} onClick={() => setStep(next)}>
              {t('machines.settings.wizard.next')}
            </Button>
          ) : (
            <Button
              variant="primary"
              busy={isBusy}
              disabled={!canGoOn}
              onClick={() => void create(draft, startsNow)}
            >
              {t(startsNow ? 'machines.settings.wizard.create' : 'machines.settings.wizard.createOnly')}
            </Button>
          )}
        </>
      }
    >
      <Steps step={step} />
      <MachineFormContext
        value={{
          draft,
          problems,
          host: proposal.host,
          isExisting: false,
          change: (part) => setDraft({ ...draft, ...part }),
        }}
      >
        <div className="wizard__body">
          <StepBody step={step} proposal={proposal} startsNow={startsNow} onStartsNow={setStartsNow} />
        </div>
      </MachineFormContext>
    </Dialog>
  )
}

function Steps({ step }: { readonly step: WizardStep }): ReactNode {
  const t = useT()
  return (
    <ol className="wizard__steps" aria-label={t('machines.settings.wizard.steps')}>
      {wizardSteps.map((one, index) => (
        <li key={one} className="wizard__step" aria-current={one === step ? 'step' : undefined}>
          {`${index + 1}. ${t(`machines.settings.wizard.${one}`)}`}
        </li>
      ))}
    </ol>
  )
}

/** Makes it, shows its page, and starts it there: the page tells how the start goes. */
function useCreate(onClose: () => void): {
  readonly isBusy: boolean
  readonly create: (draft: Draft, startsNow: boolean) => Promise<void>
} {
  const [, navigate] = useLocation()
  const [isBusy, setBusy] = useState(false)
  const create = async (draft: Draft, startsNow: boolean): Promise<void> => {
    setBusy(true)
    const made = await act('machines.create', { settings: settingsOf(draft) })
    setBusy(false)
    if (!made) return
    onClose()
    navigate(machinePath(made.machine))
    if (startsNow) void doToMachine(made.machine, 'start')
  }
  return { isBusy, create }
}
