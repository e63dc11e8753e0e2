import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { isEnterInField } from './enter-in-field'
import { useUiWords } from './ui-words'
import { AwaitsAnswer, useAsking, type Confirm } from './use-asking'

export interface ConfirmDialogProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  /** With a promise the dialog stays open and busy until the answer: for what holds input. */
  readonly onConfirm: Confirm
  readonly confirmLabel: string
  readonly danger?: boolean | undefined
  /** Once asked for it cannot be called off. Else closing while it is busy calls it off. */
  readonly isFinal?: boolean | undefined
  /** While it works out what it would do, or when nothing is chosen. */
  readonly disabled?: boolean | undefined
  readonly width?: number | undefined
  readonly children?: ReactNode
}

/**
 * Asks once, with a verb on the button. Confirming closes it, at once or, where there is an answer to wait for, when it
 * was done: what happens next shows in the rows. Enter in a field confirms. What destroys has the focus on Cancel at first: the Enter that opened it may still be held down.
 */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const words = useUiWords()
  const first = useRef<HTMLButtonElement>(null)
  const isCancelFirst = props.danger === true || props.disabled === true
  const { isBusy, refusal, run, close } = useAsking(props.onClose)
  const isHeld = isBusy && props.isFinal === true
  const confirm = (): void => run(props.onConfirm, props.onClose)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isEnterInField(event)) return
    // Or a form inside would be sent as well.
    event.preventDefault()
    if (props.disabled !== true) confirm()
  }
  return (
    <Dialog
      title={props.title}
      open={props.open}
      onClose={close}
      refusal={refusal}
      isHeld={isHeld}
      width={props.width}
      firstButton={first}
      footer={
        <>
          <Button ref={isCancelFirst ? first : undefined} disabled={isHeld} onClick={close}>
            {words.cancel}
          </Button>
          <Button
            ref={isCancelFirst ? undefined : first}
            variant="primary"
            className={props.danger ? 'button--solid-danger' : undefined}
            // What it asks for is not judged before the answer either: disabled it would lose the focus.
            disabled={props.disabled === true && !isBusy}
            busy={isBusy}
            onClick={confirm}
          >
            {props.confirmLabel}
          </Button>
        </>
      }
    >
      {/* The fields inside have the focus; this only hears their Enter. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className="dialog__content" onKeyDown={onKeyDown}>
        <AwaitsAnswer value={isBusy}>{props.children}</AwaitsAnswer>
      </div>
    </Dialog>
  )
}
