import { useState, type ReactNode } from 'react'
import type { Container } from '../../../../shared/model'
import { call } from '../../../api'
import { useT } from '../../../i18n'
import { refusalOf } from '../../../objects/refusal'
import { useRows } from '../../../store/inventory'
import { ConfirmDialog, TextField } from '../../../ui'
import { isName } from './offered'

interface RenameDialogProps {
  readonly container: Container
  readonly onClose: () => void
}

export function RenameDialog({ container, onClose }: RenameDialogProps): ReactNode {
  const t = useT()
  const rows = useRows('containers')
  const [name, setName] = useState(container.name)
  const isTaken = rows.some(
    (row) => row.engine === container.engine && row.name === name && row.id !== container.id,
  )
  const error = problemOf(name, isTaken)
  const canRename = error === undefined && name !== container.name
  return (
    <ConfirmDialog
      title={t('containers.rename.title', { name: container.name })}
      open
      disabled={!canRename}
      confirmLabel={t('containers.rename.confirm')}
      onConfirm={(signal) => {
        const args = { engine: container.engine, id: container.id, name }
        return refusalOf(call('containers.rename', args, signal), signal)
      }}
      onClose={onClose}
    >
      <TextField
        label={t('containers.rename.label')}
        value={name}
        onChange={setName}
        hint={t('containers.rename.hint')}
        error={error && t(`containers.rename.${error}`)}
        mono
        autoFocus
      />
    </ConfirmDialog>
  )
}

function problemOf(name: string, isTaken: boolean): 'invalid' | 'taken' | undefined {
  if (!isName(name)) return 'invalid'
  return isTaken ? 'taken' : undefined
}
