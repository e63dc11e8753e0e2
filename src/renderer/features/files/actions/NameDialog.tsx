import { useState, type ReactNode } from 'react'
import { useT, type TextKey } from '../../../i18n'
import { ConfirmDialog, TextField, type Refusal } from '../../../ui'
import { nameProblem } from '../name-problem'

interface NameDialogProps {
  readonly title: string
  readonly label: string
  readonly confirmLabel: string
  /** What it is called now; empty for what is new. */
  readonly name: string
  readonly taken: ReadonlySet<string>
  /** Answers what stood in the way, if anything. */
  readonly onName: (name: string, signal: AbortSignal) => Promise<Refusal | undefined>
  readonly onClose: () => void
}

/** Asks for a name that is none of those which are there. */
export function NameDialog(props: NameDialogProps): ReactNode {
  const t = useT()
  const [name, setName] = useState(props.name)
  const problem: TextKey | undefined = name === props.name ? undefined : nameProblem(name, props.taken)
  const isReady = name !== '' && name !== props.name && problem === undefined
  return (
    <ConfirmDialog
      title={props.title}
      open
      onClose={props.onClose}
      onConfirm={(signal) => props.onName(name, signal)}
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
      />
    </ConfirmDialog>
  )
}
