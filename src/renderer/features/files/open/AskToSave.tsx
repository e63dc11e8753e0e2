import type { ReactNode } from 'react'
import { useT } from '../../../i18n'
import { Button, Dialog } from '../../../ui'

interface AskToSaveProps {
  readonly name: string
  readonly onSave: () => void
  readonly onDiscard: () => void
  readonly onClose: () => void
}

/** A file with unsaved changes is to be closed. */
export function AskToSave({ name, onSave, onDiscard, onClose }: AskToSaveProps): ReactNode {
  const t = useT()
  return (
    <Dialog
      title={t('files.draft.askTitle', { name })}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('files.clash.cancel')}</Button>
          <span className="toolbar__space" />
          <Button variant="danger" onClick={onDiscard}>
            {t('files.draft.dontSave')}
          </Button>
          <Button variant="primary" onClick={onSave}>
            {t('files.file.save')}
          </Button>
        </>
      }
    >
      <p>{t('files.draft.askText')}</p>
    </Dialog>
  )
}
