import { ChevronDown, ChevronUp } from 'lucide-react'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { classNames } from './class-names'
import { Field, type FieldFrameProps } from './Field'
import { useUiWords } from './ui-words'

export interface NumberFieldProps extends FieldFrameProps {
  /** `undefined` is an empty field. */
  readonly value: number | undefined
  readonly onChange: (value: number | undefined) => void
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly step?: number | undefined
  readonly suffix?: string | undefined
  readonly placeholder?: string | undefined
  readonly disabled?: boolean | undefined
}

/** Numbers as text: what is half typed (`1.`) stays as typed; out-of-range values are the caller's error. */
export function NumberField(props: NumberFieldProps): ReactNode {
  const { value, onChange, step = 1 } = props
  const [draft, setDraft] = useState<string>()
  const text = draft !== undefined && parse(draft) === value ? draft : (value?.toString() ?? '')
  const by = (delta: number): void => {
    const next = Number(((value ?? props.min ?? 0) + delta).toFixed(6))
    setDraft(undefined)
    onChange(Math.min(props.max ?? Infinity, Math.max(props.min ?? -Infinity, next)))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const delta = { ArrowUp: step, ArrowDown: -step }[event.key]
    if (delta === undefined) return
    event.preventDefault()
    by(delta)
  }
  return (
    <Field label={props.label} hint={props.hint} error={props.error} hideLabel={props.hideLabel}>
      {(ids) => (
        <div className={classNames('input-box', props.error !== undefined && 'input-box--bad')}>
          <input
            {...ids}
            className="input num"
            type="text"
            inputMode="decimal"
            autoComplete="off"
            disabled={props.disabled}
            placeholder={props.placeholder}
            value={text}
            onKeyDown={onKeyDown}
            onBlur={() => setDraft(undefined)}
            onChange={(event) => change(event.target.value)}
          />
          {props.suffix !== undefined && <span className="input-box__suffix">{props.suffix}</span>}
          <Steps by={(sign) => by(sign * step)} disabled={props.disabled} />
        </div>
      )}
    </Field>
  )

  function change(typed: string): void {
    if (!/^-?\d*[.,]?\d*$/.test(typed)) return
    setDraft(typed)
    onChange(parse(typed))
  }
}

function parse(text: string): number | undefined {
  const value = Number.parseFloat(text.replace(',', '.'))
  return Number.isFinite(value) ? value : undefined
}

function Steps(props: { by: (sign: 1 | -1) => void; disabled: boolean | undefined }): ReactNode {
  const words = useUiWords()
  return (
    <span className="number-field__steps">
      <button
        type="button"
        tabIndex={-1}
        aria-label={words.increase}
        disabled={props.disabled}
        onClick={() => props.by(1)}
      >
        <ChevronUp />
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label={words.decrease}
        disabled={props.disabled}
        onClick={() => props.by(-1)}
      >
        <ChevronDown />
      </button>
    </span>
  )
}
