import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox'
import { Switch as BaseSwitch } from '@base-ui/react/switch'
import { Check, Minus } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { classNames } from './class-names'
import './toggle.css'

export interface ToggleProps {
  readonly label: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly hint?: string | undefined
  readonly disabled?: boolean | undefined
  readonly hideLabel?: boolean | undefined
}

export interface CheckboxProps extends ToggleProps {
  /** Some of many: neither on nor off. */
  readonly indeterminate?: boolean | undefined
  readonly tabIndex?: number | undefined
}

export function Checkbox({ indeterminate = false, tabIndex, ...props }: CheckboxProps): ReactNode {
  return (
    <Labelled {...props}>
      {(ids) => (
        <BaseCheckbox.Root
          {...ids}
          className="checkbox"
          checked={props.checked}
          indeterminate={indeterminate}
          {...(tabIndex !== undefined && { tabIndex })}
          disabled={props.disabled}
          onCheckedChange={(checked) => props.onChange(checked)}
        >
          <BaseCheckbox.Indicator className="checkbox__mark">
            {indeterminate ? <Minus aria-hidden="true" /> : <Check aria-hidden="true" />}
          </BaseCheckbox.Indicator>
        </BaseCheckbox.Root>
      )}
    </Labelled>
  )
}

export function Switch(props: ToggleProps): ReactNode {
  return (
    <Labelled {...props}>
      {(ids) => (
        <BaseSwitch.Root
          {...ids}
          className="switch"
          checked={props.checked}
          disabled={props.disabled}
          onCheckedChange={(checked) => props.onChange(checked)}
        >
          <BaseSwitch.Thumb className="switch__thumb" />
        </BaseSwitch.Root>
      )}
    </Labelled>
  )
}

interface ToggleIds {
  readonly 'aria-labelledby': string
  readonly 'aria-describedby': string | undefined
}

function Labelled(props: ToggleProps & { readonly children: (ids: ToggleIds) => ReactNode }): ReactNode {
  const id = useId()
  return (
    <div className={classNames('toggle', props.disabled && 'toggle--disabled')}>
      {props.children({
        'aria-labelledby': `${id}-label`,
        'aria-describedby': props.hint === undefined ? undefined : `${id}-hint`,
      })}
      <div className={classNames('toggle__text', props.hideLabel && 'visually-hidden')}>
        {/* The control itself is the keyboard's way; this only widens what a pointer can hit. */}
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
        <span
          id={`${id}-label`}
          onClick={() => props.disabled !== true && props.onChange(!props.checked)}
          className="toggle__label"
        >
          {props.label}
        </span>
        {props.hint !== undefined && (
          <span id={`${id}-hint`} className="toggle__hint">
            {props.hint}
          </span>
        )}
      </div>
    </div>
  )
}
