import type { InputHTMLAttributes, KeyboardEvent, ReactNode, Ref } from 'react'
import { classNames } from './class-names'
import { Field, type FieldFrameProps } from './Field'

export interface TextFieldProps extends FieldFrameProps {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly placeholder?: string | undefined
  readonly type?: InputHTMLAttributes<HTMLInputElement>['type']
  readonly mono?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly autoFocus?: boolean | undefined
  readonly onBlur?: (() => void) | undefined
  readonly onKeyDown?: ((event: KeyboardEvent<HTMLInputElement>) => void) | undefined
  readonly ref?: Ref<HTMLInputElement> | undefined
}

export function TextField({ ref, ...props }: TextFieldProps): ReactNode {
  return (
    <Field {...frameOf(props)}>
      {(ids) => (
        <input
          {...ids}
          ref={ref}
          className={classNames('input', props.mono && 'input--mono')}
          type={props.type ?? 'text'}
          value={props.value}
          placeholder={props.placeholder}
          disabled={props.disabled}
          // A dialog's first field: focus goes where the person types next.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={props.autoFocus}
          spellCheck={false}
          autoComplete="off"
          onBlur={props.onBlur}
          onKeyDown={props.onKeyDown}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

export interface TextAreaProps extends Omit<TextFieldProps, 'type' | 'ref' | 'onKeyDown'> {
  readonly rows?: number | undefined
  readonly ref?: Ref<HTMLTextAreaElement> | undefined
  readonly onKeyDown?: ((event: KeyboardEvent<HTMLTextAreaElement>) => void) | undefined
}

export function TextArea({ ref, ...props }: TextAreaProps): ReactNode {
  return (
    <Field {...frameOf(props)}>
      {(ids) => (
        <textarea
          {...ids}
          ref={ref}
          className={classNames('input', props.mono && 'input--mono')}
          rows={props.rows ?? 4}
          value={props.value}
          placeholder={props.placeholder}
          disabled={props.disabled}
          spellCheck={false}
          onBlur={props.onBlur}
          onKeyDown={props.onKeyDown}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

const frameOf = ({ label, hint, error, hideLabel }: FieldFrameProps): FieldFrameProps => ({
  label,
  hint,
  error,
  hideLabel,
})
