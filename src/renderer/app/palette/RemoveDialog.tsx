import type { ReactNode } from 'react'
import { shortId } from '../../../shared/model'
import { act } from '../../api'
import { useT } from '../../i18n'
import { ConfirmDialog } from '../../ui'
import type { Removal } from './object-commands'

interface RemoveDialogProps {
  readonly removal: Removal | undefined
  readonly onClose: () => void
}

/** Says what goes before it goes. */
export function RemoveDialog({ removal, onClose }: RemoveDialogProps): ReactNode {
  const t = useT()
  if (!removal) return null
  return (
    <ConfirmDialog
      open
      danger
      title={t(`shell.confirmRemove.${removal.kind}`, { name: nameOf(removal) })}
      confirmLabel={t('shell.confirmRemove.confirm')}
      onClose={onClose}
      onConfirm={() => void remove(removal)}
    >
      <p>{t(`shell.confirmRemove.${removal.kind}Text`)}</p>
      {isRunning(removal) && <p>{t('shell.confirmRemove.runningText')}</p>}
    </ConfirmDialog>
  )
}

function nameOf({ kind, row }: Removal): string {
  switch (kind) {
    case 'image':
      return row.tags[0] ?? shortId(row.id)
    case 'volume':
      return row.id
    case 'container':
    case 'network':
      return row.name
  }
}

const isRunning = (removal: Removal): boolean =>
  removal.kind === 'container' && ['running', 'paused', 'restarting'].includes(removal.row.state)

function remove(removal: Removal): Promise<unknown> {
  const ref = { engine: removal.row.engine, id: removal.row.id }
  switch (removal.kind) {
    case 'container':
      return act('containers.remove', { ...ref, force: isRunning(removal) })
    case 'image':
      return act('images.remove', ref)
    case 'volume':
      return act('volumes.remove', ref)
    case 'network':
      return act('networks.remove', ref)
  }
}
