import { ContextMenu as BaseContextMenu } from '@base-ui/react/context-menu'
import { Menu as Base } from '@base-ui/react/menu'
import { useState, type ReactElement, type ReactNode } from 'react'
import type { MenuItem } from './menu-item'
import { MenuItems } from './MenuItems'

export type { MenuItem } from './menu-item'

export interface MenuProps {
  /** A Button or IconButton. */
  readonly trigger: ReactElement
  readonly items: readonly MenuItem[]
  readonly align?: 'start' | 'end' | undefined
}

export function Menu({ trigger, items, align = 'start' }: MenuProps): ReactNode {
  const [opening, onOpenChange] = useOpening()
  return (
    <Base.Root modal={false} onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="popup__positioner" sideOffset={4} align={align}>
          <Base.Popup className="popup">
            <MenuItems key={opening} items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export interface ContextMenuProps {
  readonly items: readonly MenuItem[]
  /** One element. */
  readonly children: ReactElement
}

/** Right click, long press, or the keyboard's menu key on what is inside. */
export function ContextMenu({ items, children }: ContextMenuProps): ReactNode {
  const [opening, onOpenChange] = useOpening()
  return (
    <BaseContextMenu.Root onOpenChange={onOpenChange}>
      <BaseContextMenu.Trigger render={children} />
      <BaseContextMenu.Portal>
        <BaseContextMenu.Positioner className="popup__positioner">
          <BaseContextMenu.Popup className="popup">
            <MenuItems key={opening} items={items} />
          </BaseContextMenu.Popup>
        </BaseContextMenu.Positioner>
      </BaseContextMenu.Portal>
    </BaseContextMenu.Root>
  )
}

/** Which opening this is: a menu that is opened anew before it was quite closed shows the items of now. */
function useOpening(): readonly [number, (isOpen: boolean) => void] {
  const [opening, setOpening] = useState(0)
  return [opening, (isOpen) => isOpen && setOpening((count) => count + 1)]
}
