import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
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
  const set = (index: number, part: Partial<Pair>): void =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...part } : pair)))
  return (
    <fieldset className="pairs-field">
      <legend>{label}</legend>
      {pairs.map((pair, index) => (
        <div key={index} className="pairs-field__line">
          <TextField
            label={t('objects.key')}
            hideLabel
            mono
            placeholder={t('objects.key')}
            value={pair.name}
            onChange={(name) => set(index, { name })}
          />
          <TextField
            label={t('objects.value')}
            hideLabel
            mono
            placeholder={t('objects.value')}
            value={pair.value}
            onChange={(value) => set(index, { value })}
          />
          <IconButton
            label={t('objects.removePair')}
            icon={<X aria-hidden="true" />}
            onClick={() => onChange(pairs.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button
        size="sm"
        icon={<Plus aria-hidden="true" />}
        onClick={() => onChange([...pairs, { name: '', value: '' }])}
      >
        {t('objects.addPair')}
      </Button>
    </fieldset>
  )
}

/** As the contract takes them; lines without a name say nothing. */
export const recordOf = (pairs: readonly Pair[]): Record<string, string> =>
  Object.fromEntries(
    pairs.filter((pair) => pair.name.trim() !== '').map((pair) => [pair.name.trim(), pair.value]),
  )
