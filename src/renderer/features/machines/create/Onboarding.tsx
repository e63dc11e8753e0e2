import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Machine, MachineProposal } from '../../../../shared/model'
import { act, useCall } from '../../../api'
import { useT } from '../../../i18n'
import { isVerbOffered, machineStateWords, machineTone } from '../../../objects/machine-words'
import { doToMachine, useMachinePending, useMachines, useMachinesKnown } from '../../../store/machines'
import { Button, Code, Loading, StatusDot } from '../../../ui'
import { machinePath, newMachinePath } from '../paths'
import { WillTake } from './WillTake'
import '../machines.css'

/** With no engine at all: the machine that is there, or the one that fits this computer, by one button. */
export function MachineOnboarding(): ReactNode {
  const t = useT()
  const machines = useMachines()
  const isKnown = useMachinesKnown()
  if (!isKnown) return null
  return (
    <section className="onboarding" aria-label={t('machines.onboarding.title')}>
      <h2 className="onboarding__title">{t('machines.onboarding.title')}</h2>
      {machines.length > 0 ? machines.map((one) => <Known key={one.id} machine={one} />) : <Proposed />}
    </section>
  )
}

function Known({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const pending = useMachinePending(machine.id)
  const { name } = machine.settings
  const words = machineStateWords(t, machine)
  const isGoing = machine.state.kind === 'starting'
  return (
    <>
      <p className="machine-table__cell">
        <StatusDot tone={machineTone(machine)} label={words} />
        <span>
          {t(isGoing ? 'machines.onboarding.going' : 'machines.onboarding.stopped', { name })} {words}
        </span>
      </p>
      <div className="onboarding__actions">
        {isVerbOffered('start', machine) && (
          <Button
            variant="primary"
            busy={pending === 'start'}
            onClick={() => {
              navigate(machinePath(machine.id))
              void doToMachine(machine.id, 'start')
            }}
          >
            {t('machines.onboarding.startThis', { name })}
          </Button>
        )}
        <Button onClick={() => navigate(machinePath(machine.id))}>
          {t('machines.onboarding.show', { name })}
        </Button>
      </div>
    </>
  )
}

function Proposed(): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const proposal = useCall('machines.propose', {})
  const customize = (
    <Button onClick={() => navigate(newMachinePath)}>{t('machines.onboarding.customize')}</Button>
  )
  if (proposal.state === 'loading') return <Loading label={t('machines.onboarding.looking')} />
  if (proposal.state === 'failed')
    return (
      <>
        <p>{t('machines.settings.wizard.failed')}</p>
        <div>
          <Button onClick={proposal.reload}>{t('machines.onboarding.again')}</Button>
        </div>
      </>
    )
  const works = proposal.value.backends.some((one) => one.isAvailable) && proposal.value.imageWay !== 'none'
  return (
    <>
      <p className="dim">{t('machines.onboarding.text')}</p>
      {works ? (
        <>
          <WillTake proposal={proposal.value} settings={proposal.value.settings} />
          <Emulated proposal={proposal.value} />
          <div className="onboarding__actions">
            <CreateButton proposal={proposal.value} />
            {customize}
          </div>
        </>
      ) : (
        <NoHypervisor proposal={proposal.value} onAgain={proposal.reload} />
      )}
    </>
  )
}

function Emulated({ proposal }: { readonly proposal: MachineProposal }): ReactNode {
  const t = useT()
  const offer = proposal.backends.find((one) => one.backend === proposal.settings.backend)
  return offer?.isEmulated ? <p className="machine-page__emulated">{t('machines.emulatedText')}</p> : null
}

function CreateButton({ proposal }: { readonly proposal: MachineProposal }): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const [isBusy, setBusy] = useState(false)
  const create = async (): Promise<void> => {
    setBusy(true)
    const here = window.location.hash
    const made = await act('machines.create', { settings: proposal.settings })
    setBusy(false)
    if (!made) return
    // This button goes when its machine's engine is known, so it is the page that tells whether the person left.
    if (window.location.hash === here) navigate(machinePath(made.machine))
    void doToMachine(made.machine, 'start')
  }
  return (
    <Button variant="primary" busy={isBusy} onClick={() => void create()}>
      {t('machines.onboarding.start')}
    </Button>
  )
}

interface NoHypervisorProps {
  readonly proposal: MachineProposal
  readonly onAgain: () => void
}

function NoHypervisor({ proposal, onAgain }: NoHypervisorProps): ReactNode {
  const t = useT()
  const mends = proposal.backends.flatMap(({ mend }) => mend ?? [])
  return (
    <>
      <p>{t(proposal.imageWay === 'none' ? 'machines.onboarding.imageNone' : 'machines.onboarding.none')}</p>
      {mends.length > 0 && <p className="dim">{t('machines.onboarding.installThis')}</p>}
      {mends.map((mend) => (
        <Code key={mend} text={mend} copyLabel={t('common.copyCommand')} />
      ))}
      <div>
        <Button onClick={onAgain}>{t('machines.onboarding.again')}</Button>
      </div>
    </>
  )
}
