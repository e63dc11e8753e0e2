import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useEffect, useMemo, useRef, type ReactNode, type RefObject } from 'react'
import { Code } from './Code'
import { useUiWords } from './ui-words'
import type { Refusal } from './use-asking'
import './dialog.css'

export interface DialogProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons, the main one last. */
  readonly footer?: ReactNode
  /** Why the last try was in vain. */
  readonly refusal?: Refusal | undefined
  /** What was asked for cannot be called off: closing waits for the answer. */
  readonly isHeld?: boolean | undefined
  /** In pixels. */
  readonly width?: number | undefined
  /** The button that has the focus at first, where there is nothing to type. Absent: the first control inside. */
  readonly firstButton?: RefObject<HTMLButtonElement | null> | undefined
}

/** Modal: focus stays inside and comes back; Escape and a click beside it close, unless it is held. */
export function Dialog(props: DialogProps): ReactNode {
  const { title, open, onClose, children, footer, isHeld = false, width = 460 } = props
  const words = useUiWords()
  const popup = useRef<HTMLDivElement>(null)
  const first = (): HTMLElement | null => firstFocus(popup.current, props.firstButton?.current)
  const before = useFocusBack(open)
  useFocusInside(open, popup, first)
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && !isHeld && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog__backdrop" />
        <Base.Popup
          ref={popup}
          className="dialog"
          style={{ width }}
          initialFocus={first}
          finalFocus={() => before() ?? true}
        >
          <header className="dialog__head">
            <Base.Title className="dialog__title">{title}</Base.Title>
            <Base.Close
              className="button button--ghost icon-button"
              aria-label={words.close}
              disabled={isHeld}
            >
              <X aria-hidden="true" />
            </Base.Close>
          </header>
          <div className="dialog__body">{children}</div>
          {props.refusal && <RefusalWords {...props.refusal} />}
          {footer !== undefined && <footer className="dialog__foot">{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** Below what scrolls: seen however long the form is. */
function RefusalWords({ title, text, detail, command }: Refusal): ReactNode {
  return (
    <div className="dialog__refusal" role="alert">
      <strong>{title}</strong>
      <p className="dim">{text}</p>
      {detail !== undefined && <p className="faint mono">{detail}</p>}
      {command !== undefined && <Code text={command} />}
    </div>
  )
}

/** The kit gives its checkboxes and choices inputs that nobody sees. */
const seen = ':not([aria-hidden="true"], [tabindex="-1"])'
const field = `.dialog__body :is(input:not([type=checkbox], [type=radio], [type=file]), textarea):enabled${seen}`
const control = `.dialog__body :is(a[href], button:enabled, input:enabled, [tabindex="0"])${seen}`

/** What a person came to type or to press: the cross in the corner, which is first in the page, is neither. */
function firstFocus(popup: HTMLElement | null, button: HTMLElement | null | undefined): HTMLElement | null {
  return (
    popup?.querySelector<HTMLElement>(field) ??
    button ??
    popup?.querySelector<HTMLElement>(control) ??
    popup?.querySelector<HTMLElement>('.dialog__foot button:enabled:last-child') ??
    null
  )
}

/**
 * What is behind must not get the focus while the dialog is open: a Tab that repeats faster than the kit turns it
 * back, or a dialog that took the place of another and lost the focus to what that one gave it back to.
 */
function useFocusInside(
  open: boolean,
  popup: RefObject<HTMLElement | null>,
  first: () => HTMLElement | null,
): void {
  const latest = useRef(first)
  useEffect(() => {
    latest.current = first
  })
  useEffect(() => {
    if (!open) return undefined
    const onFocus = ({ target }: FocusEvent): void => {
      const isBehind = target instanceof Element && target.closest('[data-base-ui-portal]') === null
      if (isBehind && popup.current) (latest.current() ?? popup.current).focus()
    }
    document.addEventListener('focusin', onFocus)
    return () => document.removeEventListener('focusin', onFocus)
  }, [open, popup])
}

/**
 * What had the focus before, while it is there. The kit looks for that itself, but after a field inside has taken the
 * focus, and then gives it to whatever had it when something else was opened last. And whoever unmounts an open
 * dialog would leave the focus nowhere.
 */
function useFocusBack(open: boolean): () => HTMLElement | undefined {
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
  return () =>
    before instanceof HTMLElement && before !== document.body && before.isConnected ? before : undefined
}
