import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Machine } from '../../../../../shared/model'
import { useT } from '../../../../i18n'
import {
  doToMachine,
  useMachinePending,
  type MachinePending,
  type MachineVerb,
} from '../../../../store/machines'
import { Button } from '../../../../ui'
import type { OnMachineDialog } from '../../actions/dialog'
import { machinePath, type MachineTab } from '../../paths'
import { giveBack } from './give-back'
import type { Mend } from './mends'

interface MendButtonsProps {
  readonly machine: Machine
  readonly mends: readonly Mend[]
  readonly onDialog: OnMachineDialog
  /** The first is the one to take. */
  readonly hasMain?: boolean
}

const pendingOf: Partial<Record<Mend, MachinePending>> = {
  retry: 'start',
  cold: 'startCold',
  restart: 'restart',
  kill: 'kill',
  trim: 'trim',
}

export function MendButtons({ machine, mends, onDialog, hasMain = false }: MendButtonsProps): ReactNode {
  const t = useT()
  const pending = useMachinePending(machine.id)
  const mend = useMend(machine, onDialog)
  return (
    <div className="machine-card__actions">
      {mends.map((one, index) => (
        <Button
          key={one}
          size="sm"
          variant={hasMain && index === 0 ? 'primary' : 'default'}
          busy={pending !== undefined && pendingOf[one] === pending}
          onClick={() => mend(one)}
        >
          {one === 'kill' ? t('machines.verb.kill') : t(`machines.page.failed.${one}`)}
        </Button>
      ))}
    </div>
  )
}

function useMend(machine: Machine, onDialog: OnMachineDialog): (mend: Mend) => void {
  const t = useT()
  const [, navigate] = useLocation()
  const go = (tab: MachineTab) => (): void => navigate(machinePath(machine.id, tab))
  const ask = (verb: MachineVerb) => (): void => void doToMachine(machine.id, verb)
  const does: Readonly<Record<Mend, () => void>> = {
    retry: ask('start'),
    cold: ask('startCold'),
    restart: ask('restart'),
    trim: () => void giveBack(t, machine.id),
    kill: () => onDialog({ kind: 'kill', machine }),
    reset: () => onDialog({ kind: 'reset', machine }),
    prune: () => navigate('/images'),
    memory: go('settings'),
    grow: go('settings'),
    settings: go('settings'),
    shares: go('shares'),
    ports: go('ports'),
    console: go('console'),
    log: go('log'),
  }
  return (mend) => does[mend]()
}
