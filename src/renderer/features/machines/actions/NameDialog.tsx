import { useState, type ReactNode } from 'react'
import { Button, Dialog, isEnterInField, TextField } from '../../../ui'
import { useT } from '../../../i18n'

interface NameDialogProps {
  readonly title: string
  readonly text: string
  readonly first: string
  readonly confirmLabel: string
  /** What is wrong with a name, in words. */
  readonly wrong: (name: string) => string | undefined
  /** Closes when it answers true. */
  readonly onConfirm: (name: string) => Promise<boolean>
  readonly onClose: () => void
}

/** Asks for one name. What is wrong with it is told in the field, once something was typed. */
export function NameDialog(props: NameDialogProps): ReactNode {
  const t = useT()
  const [name, setName] = useState(props.first)
  const [isTouched, setTouched] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const error = props.wrong(name)
  const confirm = async (): Promise<void> => {
    setTouched(true)
    if (error !== undefined || isBusy) return
    setBusy(true)
    const isDone = await props.onConfirm(name)
    setBusy(false)
    if (isDone) props.onClose()
  }
  return (
    <Dialog
      open
      title={props.title}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" busy={isBusy} onClick={() => void confirm()}>
            {props.confirmLabel}
          </Button>
        </>
      }
    >
      <p className="dim">{props.text}</p>
      <TextField
        autoFocus
        label={t('common.name')}
        value={name}
        error={isTouched ? error : undefined}
        onChange={(text) => {
          setTouched(true)
          setName(text)
        }}
        onKeyDown={(event) => isEnterInField(event) && void confirm()}
      />
    </Dialog>
  )
}
