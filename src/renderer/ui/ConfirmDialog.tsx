import type { ReactNode } from 'react'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { useUiWords } from './ui-words'

export interface ConfirmDialogProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly onConfirm: () => void
  readonly confirmLabel: string
  readonly danger?: boolean | undefined
  /** While it works out what it would do, or when nothing is chosen. */
  readonly disabled?: boolean | undefined
  readonly width?: number | undefined
  readonly children?: ReactNode
}

/** Asks once, with a verb on the button. Confirming closes it: what happens next shows in the rows. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const words = useUiWords()
  const confirm = (): void => {
    props.onConfirm()
    props.onClose()
  }
  return (
    <Dialog
      title={props.title}
      open={props.open}
      onClose={props.onClose}
      width={props.width}
      footer={
        <>
          <Button onClick={props.onClose}>{words.cancel}</Button>
          <Button
            variant="primary"
            className={props.danger ? 'button--solid-danger' : undefined}
            disabled={props.disabled}
            onClick={confirm}
          >
            {props.confirmLabel}
          </Button>
        </>
      }
    >
      {props.children}
    </Dialog>
  )
}
