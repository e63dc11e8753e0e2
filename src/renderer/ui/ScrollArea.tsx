import type { ReactNode } from 'react'
import { classNames } from './class-names'

/** A part of a page that scrolls by itself, by keyboard too. */
export function ScrollArea({
  className,
  children,
}: {
  readonly className?: string | undefined
  readonly children: ReactNode
}): ReactNode {
  return (
    // What scrolls must be reachable by keyboard: WCAG 2.1.1, axe's scrollable-region-focusable.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div tabIndex={0} className={classNames('page__scroll', className)}>
      {children}
    </div>
  )
}
