import { Search, X } from 'lucide-react'
import type { KeyboardEvent, ReactNode, Ref } from 'react'
import { useUiWords } from './ui-words'
import './field.css'

export interface SearchFieldProps {
  /** Its name, and its placeholder. */
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly width?: number | string | undefined
  readonly autoFocus?: boolean | undefined
  readonly onKeyDown?: ((event: KeyboardEvent<HTMLInputElement>) => void) | undefined
  readonly ref?: Ref<HTMLInputElement> | undefined
}

/** Escape empties it; a second Escape is left to whoever is around. `data-search` lets `/` find it. */
export function SearchField({ ref, ...props }: SearchFieldProps): ReactNode {
  const words = useUiWords()
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    // While a syllable is composed, Escape ends just that.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape' && props.value !== '') {
      event.stopPropagation()
      props.onChange('')
    } else props.onKeyDown?.(event)
  }
  return (
    <div className="input-box search-field" style={{ width: props.width ?? 220 }}>
      <Search className="input-box__icon" aria-hidden="true" />
      <input
        ref={ref}
        className="input"
        role="searchbox"
        aria-label={props.label}
        placeholder={props.label}
        value={props.value}
        spellCheck={false}
        autoComplete="off"
        // A search that the person just opened.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={props.autoFocus}
        data-search=""
        onKeyDown={onKeyDown}
        onChange={(event) => props.onChange(event.target.value)}
      />
      {props.value !== '' && (
        <button
          type="button"
          className="input-box__clear"
          aria-label={words.clear}
          onClick={() => props.onChange('')}
        >
          <X />
        </button>
      )}
    </div>
  )
}
