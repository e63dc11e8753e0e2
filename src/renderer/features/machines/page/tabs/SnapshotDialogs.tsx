import type { ReactNode } from 'react'
import type { Machine, Snapshot } from '../../../../../shared/model'
import { useT } from '../../../../i18n'
import { formatBytes, formatTime } from '../../../../i18n/format'
import { ConfirmDialog, type Refusal } from '../../../../ui'
import { NameDialog } from '../../actions/NameDialog'

export type SnapshotDialog =
  /** `first` is the name that is offered. */
  | { readonly kind: 'take'; readonly first: string; readonly taken: readonly string[] }
  | { readonly kind: 'restore' | 'remove'; readonly snapshot: Snapshot }

interface SnapshotDialogsProps {
  readonly dialog: SnapshotDialog | undefined
  readonly machine: Machine
  readonly onClose: () => void
  /** What stood in the way; nothing when it is done. */
  readonly onTake: (name: string, signal: AbortSignal) => Promise<Refusal | undefined>
  readonly onRestore: (name: string) => void
  readonly onRemove: (name: string) => void
}

/** As core takes it: the name becomes a file's. */
const nameShape = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/

export function SnapshotDialogs(props: SnapshotDialogsProps): ReactNode {
  const t = useT()
  const { dialog, machine, onClose } = props
  if (!dialog) return null
  if (dialog.kind === 'take')
    return (
      <NameDialog
        title={t('machines.page.snapshots.takeTitle', { name: machine.settings.name })}
        text={t('machines.page.snapshots.takeText')}
        first={dialog.first}
        confirmLabel={t('machines.page.snapshots.take')}
        wrong={(name) =>
          !nameShape.test(name)
            ? t('machines.page.snapshots.nameBad')
            : dialog.taken.includes(name)
              ? t('machines.page.snapshots.nameTaken')
              : undefined
        }
        onConfirm={props.onTake}
        onClose={onClose}
      />
    )
  const { name, takenAt, hostBytes } = dialog.snapshot
  return dialog.kind === 'restore' ? (
    <ConfirmDialog
      open
      danger
      title={t('machines.page.snapshots.restoreTitle', { name })}
      confirmLabel={t('machines.page.snapshots.restoreConfirm')}
      onClose={onClose}
      onConfirm={() => props.onRestore(name)}
    >
      {t('machines.page.snapshots.restoreText', { time: formatTime(takenAt) })}
    </ConfirmDialog>
  ) : (
    <ConfirmDialog
      open
      danger
      title={t('machines.page.snapshots.removeTitle', { name })}
      confirmLabel={t('common.remove')}
      onClose={onClose}
      onConfirm={() => props.onRemove(name)}
    >
      {t('machines.page.snapshots.removeText', { size: formatBytes(hostBytes) })}
    </ConfirmDialog>
  )
}
