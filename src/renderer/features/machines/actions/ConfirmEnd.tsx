import type { ReactNode } from 'react'
import type { Machine } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { useRunningCount } from '../../../objects/use-running-count'
import { doToMachine } from '../../../store/machines'
import { ConfirmDialog } from '../../../ui'

interface ConfirmEndProps {
  readonly machine: Machine
  readonly how: 'kill' | 'shutdown'
  readonly onClose: () => void
}

/** Shutting down ends containers, pulling the plug loses data: both are asked for. */
export function ConfirmEnd({ machine, how, onClose }: ConfirmEndProps): ReactNode {
  const t = useT()
  const count = useRunningCount(machine.engine)
  const { name } = machine.settings
  return (
    <ConfirmDialog
      open
      danger={how === 'kill'}
      title={t(`machines.${how}.title`, { name })}
      confirmLabel={t(`machines.verb.${how}`)}
      onClose={onClose}
      onConfirm={() => void doToMachine(machine.id, how)}
    >
      {how === 'kill' ? t('machines.kill.text') : t('machines.shutdown.text', { count })}
    </ConfirmDialog>
  )
}
