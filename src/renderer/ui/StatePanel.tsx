import type { ReactNode } from 'react'
import { Code } from './Code'
import { Spinner } from './Spinner'
import './state-panel.css'

export interface EmptyStateProps {
  readonly icon?: ReactNode
  readonly title: string
  readonly text?: ReactNode
  readonly action?: ReactNode
}

/** Nothing here yet: what would be here, and how to get it. */
export function EmptyState({ icon, title, text, action }: EmptyStateProps): ReactNode {
  return (
    <div className="state-panel">
      {icon !== undefined && (
        <div className="state-panel__icon" aria-hidden="true">
          {icon}
        </div>
      )}
      <h2 className="state-panel__title">{title}</h2>
      {text !== undefined && <div className="state-panel__text">{text}</div>}
      {action !== undefined && <div className="state-panel__action">{action}</div>}
    </div>
  )
}

export interface ErrorStateProps {
  readonly title: string
  readonly text?: ReactNode
  readonly action?: ReactNode
  /** What to type to mend it, or the command that would have done the same. */
  readonly command?: string | undefined
}

export function ErrorState({ title, text, action, command }: ErrorStateProps): ReactNode {
  return (
    <div className="state-panel" role="alert">
      <h2 className="state-panel__title state-panel__title--bad">{title}</h2>
      {text !== undefined && <div className="state-panel__text">{text}</div>}
      {command !== undefined && <Code text={command} />}
      {action !== undefined && <div className="state-panel__action">{action}</div>}
    </div>
  )
}

/** Says what is awaited. Fades in late, so that what is quick does not flicker. */
export function Loading({ label }: { readonly label: string }): ReactNode {
  return (
    <div className="state-panel state-panel--loading" role="status">
      <Spinner size={18} />
      <span className="state-panel__text">{label}</span>
    </div>
  )
}
