import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import './tabs.css'

export interface Tab<Id extends string> {
  readonly id: Id
  readonly label: string
  readonly badge?: string | number | undefined
}

export interface TabsProps<Id extends string> {
  readonly tabs: readonly Tab<Id>[]
  readonly value: Id
  readonly onChange: (id: Id) => void
  readonly label?: string | undefined
  /** The panel of the chosen tab. Without children the caller draws the panel itself. */
  readonly children?: ReactNode
}

/** Arrow keys move along the tabs and choose. */
export function Tabs<Id extends string>(props: TabsProps<Id>): ReactNode {
  return (
    <Base.Root className="tabs" value={props.value} onValueChange={(id) => props.onChange(id as Id)}>
      <Base.List className="tabs__list" aria-label={props.label} activateOnFocus>
        {props.tabs.map((tab) => (
          <Base.Tab key={tab.id} value={tab.id} className="tabs__tab">
            {tab.label}
            {tab.badge !== undefined && <span className="tabs__badge num">{tab.badge}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {props.children !== undefined && (
        <Base.Panel className="tabs__panel" value={props.value} tabIndex={-1}>
          {props.children}
        </Base.Panel>
      )}
    </Base.Root>
  )
}
