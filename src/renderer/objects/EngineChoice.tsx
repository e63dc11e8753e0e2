import type { ReactNode } from 'react'
import type { Engine } from '../../shared/model'
import { useT, type Translate } from '../i18n'
import { useVisit } from '../store/visit'
import { Select } from '../ui'
import { useHeldEngine, type HeldEngine } from './held-engine'

/** The engine that a list is narrowed to by its own field; empty: none. */
export const useListEngine = (list: string): string => useVisit(`${list}.engine`, '')[0]

/**
 * The engine that a dialog acts on, `undefined` while it does not run, and a field to choose another when there are
 * several. `ofList`: that of the list which the dialog stands over.
 */
export function useEngineChoice(ofList?: string): {
  readonly engine: Engine | undefined
  readonly choice: ReactNode
} {
  const t = useT()
  const held = useHeldEngine(ofList)
  const away = awayWords(t, held)
  const isSeveral = held.choices.length > 1
  const choice = isSeveral ? <EngineField {...held} error={away} /> : away && <p role="alert">{away}</p>
  return { engine: held.engine, choice }
}

interface EngineFieldProps extends HeldEngine {
  readonly hideLabel?: boolean
  readonly error?: string | undefined
}

export function EngineField({ held, hold, choices, hideLabel, error }: EngineFieldProps): ReactNode {
  const t = useT()
  return (
    <Select
      label={t('objects.engine')}
      hideLabel={hideLabel}
      value={held?.id ?? ''}
      options={choices.map(({ id, name }) => ({ value: id as string, label: name }))}
      error={error}
      onChange={hold}
    />
  )
}

/** Why nothing can be done just now, and what helps. */
export function awayWords(t: Translate, { held, engine, choices }: HeldEngine): string | undefined {
  if (engine) return undefined
  if (!held) return t('objects.engineNone')
  return choices.length > 1
    ? t('objects.engineAwayChoose', { name: held.name })
    : t('objects.engineAway', { name: held.name })
}
