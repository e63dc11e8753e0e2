import { useContext, useId, type ReactNode } from 'react'
import { classNames } from './class-names'
import './field.css'
import { AwaitsAnswer } from './use-asking'

export interface FieldFrameProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly hideLabel?: boolean | undefined
}

export interface FieldIds {
  readonly id: string
  readonly 'aria-invalid': true | undefined
  readonly 'aria-describedby': string | undefined
}

/** Label above, the control, then what is wrong with it or a hint. Ids join them for assistive tools. */
export function Field(
  props: FieldFrameProps & { readonly children: (ids: FieldIds) => ReactNode },
): ReactNode {
  const id = useId()
  const { label, hint, hideLabel } = props
  const error = useContext(AwaitsAnswer) ? undefined : props.error
  const note = error ?? hint
  return (
    <div className="field">
      <label htmlFor={id} className={classNames('field__label', hideLabel && 'visually-hidden')}>
        {label}
      </label>
      {props.children({
        id,
        'aria-invalid': error === undefined ? undefined : true,
        'aria-describedby': note === undefined ? undefined : `${id}-note`,
      })}
      {note !== undefined && (
        <div
          id={`${id}-note`}
          className={classNames('field__note', error !== undefined && 'field__note--error')}
          role={error === undefined ? undefined : 'alert'}
        >
          {note}
        </div>
      )}
    </div>
  )
}
