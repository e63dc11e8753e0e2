import type { ReactNode } from 'react'
import { shownName, type FileConflict, type FilePath } from '../../../../shared/model/file-entry'
import { useT } from '../../../i18n'
import { Button, Dialog } from '../../../ui'

interface TakenDialogProps {
  readonly folder: FilePath
  readonly taken: readonly string[]
  readonly onChoice: (conflict: FileConflict) => void
  readonly onClose: () => void
}

/** Names of an upload are there already: the person says what becomes of them. */
export function TakenDialog({ folder, taken, onChoice, onClose }: TakenDialogProps): ReactNode {
  const t = useT()
  const choose = (conflict: FileConflict) => (): void => {
    onClose()
    onChoice(conflict)
  }
  return (
    <Dialog
      title={t('files.upload.conflictTitle')}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('files.upload.cancel')}</Button>
          <span className="toolbar__space" />
          <Button onClick={choose('skip')}>{t('files.upload.skip')}</Button>
          <Button onClick={choose('keep-both')}>{t('files.upload.keepBoth')}</Button>
          <Button variant="danger" onClick={choose('replace')}>
            {t('files.upload.replace')}
          </Button>
        </>
      }
    >
      <p>
        {t(taken.length === 1 ? 'files.upload.conflictText' : 'files.upload.conflictTextMany', {
          count: taken.length,
          name: shownName(taken[0] ?? ''),
          path: shownName(folder),
        })}
      </p>
    </Dialog>
  )
}
