import type { ReactNode } from 'react'
import type { Engine } from '../../../shared/model'
import { act } from '../../api'
import { useT } from '../../i18n'
import { useRunningCount } from '../../objects/use-running-count'
import { ConfirmDialog } from '../../ui'

export interface StopEngineDialog {
  readonly kind: 'stop' | 'restart'
  readonly engine: Engine
}

interface StopEngineProps {
  readonly dialog: StopEngineDialog
  readonly onClose: () => void
  /** Absent: it is done and no more. */
  readonly onConfirm?: () => void
}

/** Says how many containers end with it. */
export function StopEngine({ dialog: { kind, engine }, onClose, onConfirm }: StopEngineProps): ReactNode {
  const t = useT()
  const count = useRunningCount(engine.id)
  const stop = (): void => void act(`engines.${kind}`, { engine: engine.id })
  return (
    <ConfirmDialog
      open
      danger
      title={t('engine.stopTitle')}
      confirmLabel={t(`engine.${kind}`)}
      onClose={onClose}
      onConfirm={onConfirm ?? stop}
    >
      {t('engine.stopText', { count })}
    </ConfirmDialog>
  )
}
