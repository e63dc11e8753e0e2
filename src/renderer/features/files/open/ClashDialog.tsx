import type { ReactNode } from 'react'
import { useT } from '../../../i18n'
import { Button, Dialog } from '../../../ui'
import type { Clash } from './use-saving'

interface ClashDialogProps {
  readonly clash: Clash
  readonly name: string
  /** What mine would be called beside theirs. */
  readonly copyName: string
  readonly onOverwrite: () => void
  readonly onTheirs: () => void
  readonly onCopy: () => void
  readonly onClose: () => void
}

/** Somebody else wrote first: nothing is lost before the person has chosen. */
export function ClashDialog(props: ClashDialogProps): ReactNode {
  const t = useT()
  const { clash, name, copyName, onClose } = props
  const then = (what: () => void) => (): void => {
    onClose()
    what()
  }
  const isRemoved = clash === 'removed'
  return (
    <Dialog
      title={t(isRemoved ? 'files.clash.removedTitle' : 'files.clash.title', { name })}
      open
      onClose={onClose}
      width={520}
    >
      <p>{t(isRemoved ? 'files.clash.removedText' : 'files.clash.text')}</p>
      <div className="files__choices">
        {isRemoved ? (
          <Button variant="primary" onClick={then(props.onOverwrite)}>
            {t('files.clash.again')}
          </Button>
        ) : (
          <>
            <Button variant="primary" onClick={then(props.onCopy)}>
              {t('files.clash.copy', { name: copyName })}
            </Button>
            <Button variant="danger" onClick={then(props.onOverwrite)}>
              {t('files.clash.overwrite')}
            </Button>
            <Button variant="danger" onClick={then(props.onTheirs)}>
              {t('files.clash.theirs')}
            </Button>
          </>
        )}
        <Button onClick={onClose}>{t('files.clash.cancel')}</Button>
      </div>
    </Dialog>
  )
}
