import type { ReactNode } from 'react'
import type { Engine } from '../../../shared/model'
import { useT } from '../../i18n'
import { useRows } from '../../store/inventory'
import { ConfirmDialog } from '../../ui'

export interface StopEngineDialog {
  readonly kind: 'stop' | 'restart'
  readonly engine: Engine
}

interface StopEngineProps {
  readonly dialog: StopEngineDialog
  readonly onClose: () => void
  readonly onConfirm: () => void
}

/** Says how many containers end with it. */
export function StopEngine({ dialog: { kind, engine }, onClose, onConfirm }: StopEngineProps): ReactNode {
  const t = useT()
  const count = useRows('containers').filter(
    (row) => row.engine === engine.id && row.state === 'running',
  ).length
  return (
    <ConfirmDialog
      open
      danger
      title={t('engine.stopTitle')}
      confirmLabel={t(`engine.${kind}`)}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      {t('engine.stopText', { count })}
    </ConfirmDialog>
  )
}
