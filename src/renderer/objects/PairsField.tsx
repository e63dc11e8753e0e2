import { Plus, X } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'
import { useT } from '../i18n'
import { Button, IconButton, TextField } from '../ui'
import './objects.css'

export interface Pair {
  readonly name: string
  readonly value: string
}

/** Options and labels: name and value, as many as wanted. */
export function PairsField({
  label,
  pairs,
  onChange,
}: {
  readonly label: string
  readonly pairs: readonly Pair[]
  readonly onChange: (pairs: readonly Pair[]) => void
}): ReactNode {
  const t = useT()
  // What was just added is what the person wants to fill in.
  const [added, setAdded] = useState<number>()
  const add = useRef<HTMLButtonElement>(null)
  const remove = (index: number): void => {
    // The last line takes its button along, and the focus with it.
    if (index === pairs.length - 1) add.current?.focus()
    onChange(pairs.filter((_, at) => at !== index))
  }
  const set = (index: number, part: Partial<Pair>): void =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...part } : pair)))
  return (
    <fieldset className="pairs-field">
      <legend>{label}</legend>
      {pairs.map((pair, index) => (
        <PairLine
          key={index}
          pair={pair}
          isNew={index === added}
          onChange={(part) => set(index, part)}
          onRemove={() => remove(index)}
        />
      ))}
      <Button
        ref={add}
        size="sm"
        icon={<Plus aria-hidden="true" />}
        onClick={() => {
          setAdded(pairs.length)
          onChange([...pairs, { name: '', value: '' }])
        }}
      >
        {t('objects.addPair')}
      </Button>
    </fieldset>
  )
}

interface PairLineProps {
  readonly pair: Pair
  readonly isNew: boolean
  readonly onChange: (part: Partial<Pair>) => void
  readonly onRemove: () => void
}

function PairLine({ pair, isNew, onChange, onRemove }: PairLineProps): ReactNode {
  const t = useT()
  return (
    <div className="pairs-field__line">
      <TextField
        label={t('objects.key')}
        hideLabel
        mono
        autoFocus={isNew}
        placeholder={t('objects.key')}
        value={pair.name}
        onChange={(name) => onChange({ name })}
      />
      <TextField
        label={t('objects.value')}
        hideLabel
        mono
        placeholder={t('objects.value')}
        value={pair.value}
        onChange={(value) => onChange({ value })}
      />
      <IconButton label={t('objects.removePair')} icon={<X aria-hidden="true" />} onClick={onRemove} />
    </div>
  )
}

/** As the contract takes them; lines without a name say nothing. */
export const recordOf = (pairs: readonly Pair[]): Record<string, string> =>
  Object.fromEntries(
    pairs.filter((pair) => pair.name.trim() !== '').map((pair) => [pair.name.trim(), pair.value]),
  )
