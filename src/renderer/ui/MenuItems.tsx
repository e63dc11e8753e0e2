import { Menu as Base } from '@base-ui/react/menu'
import { Check, ChevronRight } from 'lucide-react'
import { Fragment, useState, type ReactNode } from 'react'
import { classNames } from './class-names'
import type { MenuItem } from './menu-item'
import './popup.css'

interface MenuItemsProps {
  readonly items: readonly MenuItem[]
}

/** The inside of menus and context menus: one of these for each time that a menu is opened. */
export function MenuItems({ items }: MenuItemsProps): ReactNode {
  return <Lines items={useSteady(items)} />
}

/**
 * Who aims at a line must hit it: lines that come, go or are named anew while the menu is open are seen when it is
 * opened the next time. While all stand as they did, what they tell is new: a check mark, that one is off.
 */
function useSteady(items: readonly MenuItem[]): readonly MenuItem[] {
  const [shown, setShown] = useState(items)
  const isSame = areSameLines(shown, items)
  if (isSame && shown !== items) setShown(items)
  return isSame ? items : shown
}

const areSameLines = (before: readonly MenuItem[], after: readonly MenuItem[]): boolean =>
  before.length === after.length && before.every((item, index) => isSameLine(item, after[index]))

function isSameLine(before: MenuItem, after: MenuItem | undefined): boolean {
  if (before === 'separator' || after === 'separator' || after === undefined) return before === after
  if (before.label !== after.label) return false
  if ('items' in before || 'items' in after)
    return 'items' in before && 'items' in after && areSameLines(before.items, after.items)
  return (before.checked === undefined) === (after.checked === undefined)
}

function Lines({ items }: MenuItemsProps): ReactNode {
  // Lines stay as they are while the menu is open: the place is the identity.
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
            <Lines items={props.items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.SubmenuRoot>
  )
}
