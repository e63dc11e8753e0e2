import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react'
import { useLocation } from 'wouter'
import type { MachineId, MachineProposal } from '../../../../shared/model'
import { call, useCall } from '../../../api'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { refusalOf } from '../../../objects/refusal'
import { doToMachine, useMachines } from '../../../store/machines'
import { Button, Dialog, ErrorState, isEnterInField, Loading, useAsking, type Asking } from '../../../ui'
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
  const { isBusy, refusal, run, close } = useAsking(onClose)
  const create = useCreate(run, onClose)
  const problems = problemsOf(draft, { taken, host: proposal.host })
  const next = wizardSteps[wizardSteps.indexOf(step) + 1]
  // The machine is in the list before the answer: its name is then its own.
  const canGoOn = isBusy || isStepGood(step, problems, { draft, proposal })
  const body = useStepFocus(step)
  const onKeyDown = (event: KeyboardEvent): void => {
    // Held down it must not run through all steps.
    if (!next || !canGoOn || event.repeat || !isEnterInField(event)) return
    // Or the same Enter would press what has the focus on the next step.
    event.preventDefault()
    setStep(next)
  }
  return (
    <Dialog
      open
      width={640}
      title={t('machines.settings.wizard.title')}
      onClose={close}
      refusal={refusal}
      // Core makes it to the end once it was asked.
      isHeld={isBusy}
      footer={
        <Footer
          {...{ step, canGoOn, isBusy, startsNow }}
          onClose={close}
          onStep={setStep}
          onCreate={() => create(draft, startsNow)}
        />
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
        {/* The fields inside have the focus; this only hears their Enter. */}
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
        <div ref={body} className="wizard__body" onKeyDown={onKeyDown}>
          <StepBody step={step} proposal={proposal} startsNow={startsNow} onStartsNow={setStartsNow} />
        </div>
      </MachineFormContext>
    </Dialog>
  )
}

interface FooterProps {
  readonly step: WizardStep
  readonly canGoOn: boolean
  readonly isBusy: boolean
  readonly startsNow: boolean
  readonly onStep: (step: WizardStep) => void
  readonly onCreate: () => void
  readonly onClose: () => void
}

function Footer({ step, canGoOn, isBusy, startsNow, ...on }: FooterProps): ReactNode {
  const t = useT()
  const at = wizardSteps.indexOf(step)
  const next = wizardSteps[at + 1]
  const before = wizardSteps[at - 1]
  return (
    <>
      {before && (
        <Button disabled={isBusy} onClick={() => on.onStep(before)}>
          {t('machines.settings.wizard.back')}
        </Button>
      )}
      <span className="toolbar__space" />
      <Button disabled={isBusy} onClick={on.onClose}>
        {t('common.cancel')}
      </Button>
      {next ? (
        <Button variant="primary" disabled={!canGoOn} onClick={() => on.onStep(next)}>
          {t('machines.settings.wizard.next')}
        </Button>
      ) : (
        <Button variant="primary" busy={isBusy} disabled={!canGoOn} onClick={on.onCreate}>
          {t(startsNow ? 'machines.settings.wizard.create' : 'machines.settings.wizard.createOnly')}
        </Button>
      )}
    </>
  )
}

/** The kit's checkboxes are no inputs. */
const firstField = ':is(input, button, [role=checkbox]):not(:disabled, [tabindex="-1"])'

/** The field that had the focus went with its step: the first one of the new step gets it. */
function useStepFocus(step: WizardStep): RefObject<HTMLDivElement | null> {
  const body = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (document.activeElement !== document.body) return
    body.current?.querySelector<HTMLElement>(firstField)?.focus()
  }, [step])
  return body
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
function useCreate(run: Asking['run'], onClose: () => void): (draft: Draft, startsNow: boolean) => void {
  const [, navigate] = useLocation()
  return (draft, startsNow) => {
    let machine: MachineId | undefined
    const make = async (): Promise<void> => {
      machine = (await call('machines.create', { settings: settingsOf(draft) })).machine
    }
    run(
      (signal) => refusalOf(make(), signal),
      () => {
        onClose()
        if (!machine) return
        navigate(machinePath(machine))
        if (startsNow) void doToMachine(machine, 'start')
      },
    )
  }
}
