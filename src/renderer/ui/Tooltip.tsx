import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import './tooltip.css'

export interface TooltipProps {
  readonly text: ReactNode
  /** One element that takes a ref and events. */
  readonly children: ReactElement
}

/** A short text on hover and on keyboard focus. Never the only place of a fact that matters. */
export function Tooltip({ text, children }: TooltipProps): ReactNode {
  return (
    <Base.Root>
      <Base.Trigger render={children} delay={500} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="tooltip__positioner">
          <Base.Popup className="tooltip">{text}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
