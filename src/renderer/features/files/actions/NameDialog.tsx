import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { useT, type TextKey } from '../../../i18n'
import { ConfirmDialog, isEnterInField, TextField } from '../../../ui'
import { nameProblem } from '../name-problem'

interface NameDialogProps {
  readonly title: string
  readonly label: string
  readonly confirmLabel: string
  /** What it is called now; empty for what is new. */
  readonly name: string
  readonly taken: ReadonlySet<string>
  readonly onName: (name: string) => void
  readonly onClose: () => void
}

/** Asks for a name that is none of those which are there. */
export function NameDialog(props: NameDialogProps): ReactNode {
  const t = useT()
  const [name, setName] = useState(props.name)
  const problem: TextKey | undefined = name === props.name ? undefined : nameProblem(name, props.taken)
  const isReady = name !== '' && name !== props.name && problem === undefined
  const confirm = (): void => props.onName(name)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isEnterInField(event) || !isReady) return
    event.preventDefault()
    confirm()
    props.onClose()
  }
  return (
    <ConfirmDialog
      title={props.title}
      open
      onClose={props.onClose}
      onConfirm={confirm}
      confirmLabel={props.confirmLabel}
      disabled={!isReady}
    >
      <TextField
        label={props.label}
        mono
        autoFocus
        value={name}
        error={problem && t(problem)}
        onChange={setName}
        onKeyDown={onKeyDown}
      />
    </ConfirmDialog>
  )
}
