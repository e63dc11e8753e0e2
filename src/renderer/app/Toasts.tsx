import { X } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import type { WireError } from '../../shared/errors'
import { useT } from '../i18n'
import { errorWords } from '../i18n/error-words'
import { dropAllToasts, dropToast, useToasts, type Toast } from '../store/toasts'
import { Button, classNames, Code, IconButton } from '../ui'
import './toasts.css'

/** Small messages at the window's corner. Errors stay; good news goes, unless pointer or focus rests on it. */
export function Toasts(): ReactNode {
  const t = useT()
  const toasts = useToasts()
  return (
    <section className="toasts" aria-label={t('shell.notifications')} aria-live="polite">
      {toasts.length > 1 && (
        <Button size="sm" className="toasts__all" onClick={dropAllToasts}>
          {t('shell.toast.dismissAll')}
        </Button>
      )}
      {toasts.map((toast) => (
        <ToastBox key={toast.id} toast={toast} />
      ))}
    </section>
  )
}

function ToastBox({ toast }: { readonly toast: Toast }): ReactNode {
  const t = useT()
  const [isHeld, setHeld] = useState(false)
  const { id, stayMs } = toast
  useEffect(() => {
    if (stayMs === undefined || isHeld) return undefined
    const timer = setTimeout(() => dropToast(id), stayMs)
    return () => clearTimeout(timer)
  }, [id, stayMs, isHeld])
  return (
    <div
      className={classNames('toast', `toast--${toast.tone}`)}
      role={toast.tone === 'bad' ? 'alert' : 'status'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div className="toast__words">
        {toast.title !== '' && <div className="toast__title">{toast.title}</div>}
        {toast.text !== undefined && <div className="toast__text">{toast.text}</div>}
        {toast.error && <ErrorText error={toast.error} hasTitle={toast.title !== ''} />}
        {toast.count !== undefined && (
          <div className="toast__text">{t('shell.toast.times', { count: toast.count })}</div>
        )}
        {toast.action && (
          <div>
            <Button size="sm" onClick={toast.action.onSelect}>
              {toast.action.label}
            </Button>
          </div>
        )}
      </div>
      <IconButton size="sm" label={t('shell.toast.dismiss')} icon={<X />} onClick={() => dropToast(id)} />
    </div>
  )
}

function ErrorText({
  error,
  hasTitle,
}: {
  readonly error: WireError
  readonly hasTitle: boolean
}): ReactNode {
  const t = useT()
  const words = errorWords(t, error)
  return (
    <>
      <div className={hasTitle ? 'toast__text' : 'toast__title'}>{words.title}</div>
      <div className="toast__text">{words.text}</div>
      {words.detail !== undefined && <div className="toast__detail mono">{words.detail}</div>}
      {words.command !== undefined && <Code text={words.command} copyLabel={t('common.copyCommand')} />}
    </>
  )
}
