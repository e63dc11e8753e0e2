import { useState, type ReactNode } from 'react'
import { shownName, type FilePath } from '../../../../shared/model/file-entry'
import { escapeName } from '../../../../shared/model/file-entry'
import { useT } from '../../../i18n'
import type { Entered } from '../list/rows'
import { ConfirmDialog, TextField, type Refusal } from '../../../ui'
import { cleanPath } from '../file-route'

interface MoveDialogProps {
  readonly rows: readonly Entered[]
  readonly onMove: (to: FilePath, signal: AbortSignal) => Promise<Refusal | undefined>
  readonly onClose: () => void
}

export function MoveDialog({ rows, onMove, onClose }: MoveDialogProps): ReactNode {
  const t = useT()
  const [text, setText] = useState(shownName(rows[0]?.folder ?? '/'))
  const to = cleanPath(escapeName(text.trim()))
  return (
    <ConfirmDialog
      title={t(rows.length === 1 ? 'files.move.title' : 'files.move.titleMany', {
        count: rows.length,
        name: rows[0]?.name ?? '',
      })}
      open
      onClose={onClose}
      onConfirm={(signal) => onMove(to, signal)}
      confirmLabel={t('files.move.confirm')}
      disabled={!text.trim().startsWith('/') || rows.every(({ folder }) => folder === to)}
    >
      <TextField
        label={t('files.move.folder')}
        mono
        autoFocus
        value={text}
        hint={t('files.move.hint')}
        onChange={setText}
      />
    </ConfirmDialog>
  )
}
