import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Field } from './Field'
import './button.css'
import './popup.css'

export interface SelectOption<V extends string> {
  readonly value: V
  readonly label: string
}

export interface SelectProps<V extends string> {
  readonly label: string
  readonly value: V
  readonly onChange: (value: V) => void
  readonly options: readonly SelectOption<V>[]
  readonly hideLabel?: boolean | undefined
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly disabled?: boolean | undefined
}

export function Select<V extends string>(props: SelectProps<V>): ReactNode {
  return (
    <Field label={props.label} hideLabel={props.hideLabel} hint={props.hint} error={props.error}>
      {(ids) => (
        <Base.Root
          items={[...props.options]}
          value={props.value}
          disabled={props.disabled}
          onValueChange={(value) => value !== null && props.onChange(value)}
        >
          <Base.Trigger {...ids} aria-label={props.label} className="button select">
            <Base.Value className="select__value" />
            <ChevronsUpDown aria-hidden="true" />
          </Base.Trigger>
          <Base.Portal>
            <Base.Positioner className="popup__positioner" sideOffset={4} alignItemWithTrigger={false}>
              <Base.Popup className="popup">
                {props.options.map((option) => (
                  <Base.Item key={option.value} value={option.value} className="popup__item">
                    <span className="popup__icon">
                      <Base.ItemIndicator>
                        <Check aria-hidden="true" />
                      </Base.ItemIndicator>
                    </span>
                    <Base.ItemText className="popup__label">{option.label}</Base.ItemText>
                  </Base.Item>
                ))}
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        </Base.Root>
      )}
    </Field>
  )
}
