import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Machine } from '../../../../shared/model'
import { call } from '../../../api'
import { useT } from '../../../i18n'
import { refusalOf } from '../../../objects/refusal'
import { useMachines, whilePending } from '../../../store/machines'
import { machinePath } from '../paths'
import { freeName, nameProblem } from '../settings/machine-name'
import { ConfirmEnd } from './ConfirmEnd'
import type { MachineDialog } from './dialog'
import { NameDialog } from './NameDialog'
import { TypedDialog } from './TypedDialog'

interface MachineDialogsProps {
  readonly dialog: MachineDialog | undefined
  readonly onClose: () => void
}

export function MachineDialogs({ dialog, onClose }: MachineDialogsProps): ReactNode {
  if (!dialog) return null
  const { kind, machine } = dialog
  switch (kind) {
    case 'kill':
    case 'shutdown':
      return <ConfirmEnd machine={machine} how={kind} onClose={onClose} />
    case 'remove':
    case 'reset':
      return <TypedDialog machine={machine} what={kind} onClose={onClose} />
    case 'clone':
      return <CloneDialog machine={machine} onClose={onClose} />
  }
}

function CloneDialog({ machine, onClose }: { machine: Machine; onClose: () => void }): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const taken = useMachines().map((one) => one.settings.name)
  const clone = async (name: string, signal: AbortSignal): Promise<void> => {
    const made = await whilePending(machine.id, 'clone', () =>
      call('machines.clone', { machine: machine.id, name }, signal),
    )
    if (!signal.aborted) navigate(machinePath(made.machine))
  }
  return (
    <NameDialog
      title={t('machines.page.snapshots.cloneTitle', { name: machine.settings.name })}
      text={t('machines.page.snapshots.cloneText')}
      confirmLabel={t('machines.page.snapshots.cloneConfirm')}
      first={freeName(machine.settings.name, taken)}
      wrong={(name) => {
        const key = nameProblem(name, taken)
        return key && t(key)
      }}
      onConfirm={(name, signal) => refusalOf(clone(name, signal), signal)}
      onClose={onClose}
    />
  )
}
