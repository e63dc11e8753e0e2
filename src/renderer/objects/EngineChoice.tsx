import { useState, type ReactNode } from 'react'
import type { Engine } from '../../shared/model'
import { useT } from '../i18n'
import { useRunningEngines } from '../store/inventory'
import { Select } from '../ui'

/** The engine that a dialog acts on: the first that runs, and a field to choose another when there are several. */
export function useEngineChoice(): { readonly engine: Engine | undefined; readonly choice: ReactNode } {
  const t = useT()
  const engines = useRunningEngines()
  const [chosen, setChosen] = useState('')
  const engine = engines.find((one) => one.id === chosen) ?? engines[0]
  const choice = engine && engines.length > 1 && (
    <Select
      label={t('objects.engine')}
      value={engine.id}
      options={engines.map((one) => ({ value: one.id, label: one.name }))}
      onChange={setChosen}
    />
  )
  return { engine, choice }
}
