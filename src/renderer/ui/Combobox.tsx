import { Autocomplete as Base } from '@base-ui/react/autocomplete'
import { useState, type ReactNode } from 'react'
import { classNames } from './class-names'
import { Field } from './Field'
import './popup.css'

export interface ComboboxProps {
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly suggestions: readonly string[]
  readonly error?: string | undefined
  readonly hint?: string | undefined
  readonly placeholder?: string | undefined
  readonly hideLabel?: boolean | undefined
  readonly mono?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly autoFocus?: boolean | undefined
}

/** Long lists help nobody: the first matches are shown, typing brings the others. */
const shownAtMost = 50

/** Free text with completion: the suggestions help, they never limit. */
export function Combobox(props: ComboboxProps): ReactNode {
  const { label, hint, error, hideLabel } = props
  const [isOpen, setIsOpen] = useState(false)
  const { contains } = Base.useFilter()
  // A list of nothing would cover what is under the field, and hide the rest from assistive tools.
  const hasMatch = props.suggestions.some((item) => contains(item, props.value))
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel}>
      {(ids) => (
        <Base.Root
          items={[...new Set(props.suggestions)]}
          value={props.value}
          limit={shownAtMost}
          open={isOpen && hasMatch}
          onOpenChange={(open) => setIsOpen(open)}
          disabled={props.disabled}
          // Escape closes the list; it must not take away what was typed.
          onValueChange={(text, { reason }) => reason !== 'escape-key' && props.onChange(text)}
        >
          <Base.Input
            {...ids}
            // An open list hides the label from assistive tools: the name stays.
            aria-label={label}
            className={classNames('input', props.mono && 'input--mono')}
            placeholder={props.placeholder}
            spellCheck={false}
            autoFocus={props.autoFocus}
          />
          <Base.Portal>
            <Base.Positioner className="popup__positioner" sideOffset={4}>
              <Base.Popup className="popup">
                <Base.List>
                  {(item: string) => (
                    <Base.Item key={item} value={item} className="popup__item">
                      <bdi className="popup__label">{item}</bdi>
                    </Base.Item>
                  )}
                </Base.List>
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        </Base.Root>
      )}
    </Field>
  )
}
