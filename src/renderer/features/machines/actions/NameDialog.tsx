import { useState, type ReactNode } from 'react'
import { ConfirmDialog, TextField, type Refusal } from '../../../ui'
import { useT } from '../../../i18n'

interface NameDialogProps {
  readonly title: string
  readonly text: string
  readonly first: string
  readonly confirmLabel: string
  /** What is wrong with a name, in words. */
  readonly wrong: (name: string) => string | undefined
  /** What stood in the way; nothing when it is done. Closing it meanwhile calls it off. */
  readonly onConfirm: (name: string, signal: AbortSignal) => Promise<Refusal | undefined>
  readonly onClose: () => void
}

/** Asks for one name. What is wrong with it is told in the field. */
export function NameDialog(props: NameDialogProps): ReactNode {
  const t = useT()
  const [name, setName] = useState(props.first)
  const error = props.wrong(name)
  return (
    <ConfirmDialog
      open
      title={props.title}
      confirmLabel={props.confirmLabel}
      disabled={error !== undefined}
      onConfirm={(signal) => props.onConfirm(name, signal)}
      onClose={props.onClose}
    >
      <p className="dim">{props.text}</p>
      <TextField autoFocus label={t('common.name')} value={name} error={error} onChange={setName} />
    </ConfirmDialog>
  )
}
