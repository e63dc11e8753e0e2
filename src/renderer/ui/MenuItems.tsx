import { Menu as Base } from '@base-ui/react/menu'
import { Check, ChevronRight } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { classNames } from './class-names'
import type { MenuItem } from './menu-item'
import './popup.css'

/** The inside of menus and context menus. */
export function MenuItems({ items }: { readonly items: readonly MenuItem[] }): ReactNode {
  // Menus are short and never re-ordered while open: the place is the identity.
  return items.map((item, index) => <Fragment key={index}>{drawn(item)}</Fragment>)
}

function drawn(item: MenuItem): ReactNode {
  if (item === 'separator') return <Base.Separator className="popup__separator" />
  if ('items' in item) return <Submenu label={item.label} icon={item.icon} items={item.items} />
  const inside = (
    <>
      <span className="popup__icon">{item.checked === true ? <Check aria-hidden="true" /> : item.icon}</span>
      <bdi className="popup__label">{item.label}</bdi>
      {item.shortcut !== undefined && <span className="popup__shortcut">{item.shortcut}</span>}
    </>
  )
  if (item.checked !== undefined)
    return (
      <Base.CheckboxItem
        className="popup__item"
        checked={item.checked}
        disabled={item.disabled}
        onCheckedChange={() => item.onSelect()}
      >
        {inside}
      </Base.CheckboxItem>
    )
  return (
    <Base.Item
      className={classNames('popup__item', item.danger && 'popup__item--danger')}
      disabled={item.disabled}
      onClick={item.onSelect}
    >
      {inside}
    </Base.Item>
  )
}

function Submenu(props: { label: string; icon?: ReactNode; items: readonly MenuItem[] }): ReactNode {
  return (
    <Base.SubmenuRoot>
      <Base.SubmenuTrigger className="popup__item">
        <span className="popup__icon">{props.icon}</span>
        <span className="popup__label">{props.label}</span>
        <ChevronRight aria-hidden="true" />
      </Base.SubmenuTrigger>
      <Base.Portal>
        <Base.Positioner className="popup__positioner">
          <Base.Popup className="popup">
            <MenuItems items={props.items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.SubmenuRoot>
  )
}
