import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import './layout.css'

export interface PageHeaderProps {
  readonly title: ReactNode
  readonly subtitle?: ReactNode
  readonly actions?: ReactNode
  /** A link above the page: where it came from. */
  readonly back?: { readonly href: string; readonly label: string } | undefined
}

export function PageHeader({ title, subtitle, actions, back }: PageHeaderProps): ReactNode {
  return (
    <header className="page-header">
      {back !== undefined && (
        <a className="page-header__back" href={back.href} aria-label={back.label} title={back.label}>
          <ArrowLeft aria-hidden="true" />
        </a>
      )}
      <div className="page-header__words">
        <h1 className="page-header__title" title={typeof title === 'string' ? title : undefined}>
          <bdi>{title}</bdi>
        </h1>
        {subtitle !== undefined && <div className="page-header__subtitle">{subtitle}</div>}
      </div>
      {actions !== undefined && <div className="page-header__actions">{actions}</div>}
    </header>
  )
}

export interface SectionProps {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Section({ title, actions, children }: SectionProps): ReactNode {
  return (
    <section className="section" aria-label={title}>
      <header className="section__head">
        <h2 className="section__title">{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  )
}

export interface ToolbarProps {
  readonly label?: string | undefined
  readonly children: ReactNode
}

/** A row of controls. `<span className="toolbar__space" />` pushes what follows to the end. */
export function Toolbar({ label, children }: ToolbarProps): ReactNode {
  return (
    <div className="toolbar" role={label === undefined ? undefined : 'group'} aria-label={label}>
      {children}
    </div>
  )
}
