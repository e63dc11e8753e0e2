import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import './popup.css'

export interface PopoverProps {
  readonly trigger: ReactElement
  /** Its name for assistive tools. */
  readonly label: string
  readonly children: ReactNode
  readonly align?: 'start' | 'center' | 'end' | undefined
  readonly side?: 'top' | 'bottom' | 'left' | 'right' | undefined
}

export function Popover(props: PopoverProps): ReactNode {
  return (
    <Base.Root>
      <Base.Trigger render={props.trigger} />
      <Base.Portal>
        <Base.Positioner
          className="popup__positioner"
          sideOffset={6}
          align={props.align ?? 'start'}
          side={props.side ?? 'bottom'}
        >
          <Base.Popup className="popup" aria-label={props.label}>
            {props.children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
