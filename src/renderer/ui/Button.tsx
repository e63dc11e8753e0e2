import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { classNames } from './class-names'
import { Spinner } from './Spinner'
import './button.css'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: 'primary' | 'default' | 'ghost' | 'danger' | undefined
  readonly size?: 'sm' | 'md' | undefined
  readonly icon?: ReactNode
  /** Shows a spinner in place of the icon and takes no clicks; stays focusable. */
  readonly busy?: boolean | undefined
  readonly ref?: Ref<HTMLButtonElement> | undefined
}

export function Button(props: ButtonProps): ReactNode {
  const {
    variant = 'default',
    size = 'md',
    icon,
    busy = false,
    className,
    children,
    onClick,
    ...rest
  } = props
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      className={classNames('button', `button--${variant}`, `button--${size}`, className)}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <Spinner size={13} /> : icon}
      {children !== undefined && <span className="button__text">{children}</span>}
    </button>
  )
}

export interface LinkButtonProps {
  readonly href: string
  readonly variant?: ButtonProps['variant']
  readonly size?: ButtonProps['size']
  readonly icon?: ReactNode
  readonly children: ReactNode
}

/** Leads to another page, and looks like what does something there. */
export function LinkButton({
  href,
  variant = 'default',
  size = 'md',
  icon,
  children,
}: LinkButtonProps): ReactNode {
  return (
    <a className={classNames('button', `button--${variant}`, `button--${size}`)} href={href}>
      {icon}
      <span className="button__text">{children}</span>
    </a>
  )
}
