import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useEffect, useMemo, type ReactNode } from 'react'
import { useUiWords } from './ui-words'
import './dialog.css'

export interface DialogProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons, the main one last. */
  readonly footer?: ReactNode
  /** In pixels. */
  readonly width?: number | undefined
}

/** Modal: focus stays inside and comes back; Escape and a click beside it close. */
export function Dialog({ title, open, onClose, children, footer, width = 460 }: DialogProps): ReactNode {
  const words = useUiWords()
  useFocusBack(open)
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog__backdrop" />
        <Base.Popup className="dialog" style={{ width }}>
          <header className="dialog__head">
            <Base.Title className="dialog__title">{title}</Base.Title>
            <Base.Close className="button button--ghost icon-button" aria-label={words.close}>
              <X aria-hidden="true" />
            </Base.Close>
          </header>
          <div className="dialog__body">{children}</div>
          {footer !== undefined && <footer className="dialog__foot">{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** Whoever unmounts an open dialog would leave the focus nowhere: it goes back to where it was before. */
function useFocusBack(open: boolean): void {
  // Read while rendering: once the dialog is on screen the focus is inside it.
  const before = useMemo(() => (open ? document.activeElement : null), [open])
  useEffect(() => {
    if (!(before instanceof HTMLElement)) return undefined
    return () => {
      requestAnimationFrame(() => {
        const isNowhere = document.activeElement === document.body || document.activeElement === null
        if (isNowhere && before.isConnected) before.focus()
      })
    }
  }, [before])
}
