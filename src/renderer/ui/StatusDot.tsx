import type { ReactNode } from 'react'
import { classNames } from './class-names'
import './spinner.css'
import './status-dot.css'

export type Tone = 'ok' | 'warn' | 'bad' | 'idle' | 'busy'

export interface StatusDotProps {
  readonly tone: Tone
  /** What the colour says, for those who do not see it. */
  readonly label: string
}

/** The shape differs too: bad is a square, idle is hollow, so colour is never the only sign. */
export function StatusDot({ tone, label }: StatusDotProps): ReactNode {
  return (
    <span
      className={classNames('status-dot', `status-dot--${tone}`)}
      role="img"
      aria-label={label}
      title={label}
    />
  )
}

export interface BadgeProps {
  readonly tone?: Tone | 'accent' | undefined
  readonly title?: string | undefined
  readonly children: ReactNode
}

export function Badge({ tone = 'idle', title, children }: BadgeProps): ReactNode {
  return (
    <span className={classNames('badge', `badge--${tone}`)} title={title}>
      {children}
    </span>
  )
}
