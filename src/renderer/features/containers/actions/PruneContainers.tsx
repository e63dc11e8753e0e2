import { useState, type ReactNode } from 'react'
import { keyOf, type EngineId } from '../../../../shared/model'
import { useCall } from '../../../api'
import { act } from '../../../api/act'
import { useT } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import { PruneDialog } from '../../../objects/PruneDialog'
import { useRunningEngines } from '../../../store/inventory'
import { markPending } from '../../../store/pending'
import { showToast } from '../../../store/toasts'
import { Select } from '../../../ui'

/** Lists the stopped containers of an engine with their sizes; just the checked ones go. */
export function PruneContainers({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT()
  const engines = useRunningEngines()
  const [chosen, setChosen] = useState<EngineId>()
  const engine = engines.find(({ id }) => id === chosen) ?? engines[0]
  const plan = useCall('containers.prunePlan', engine ? { engine: engine.id } : null)
  const prune = async (ids: string[]): Promise<void> => {
    if (!engine) return
    const marks = ids.map((id) => markPending(keyOf({ engine: engine.id, id }), 'containers.remove'))
    const done = await act('containers.prune', { engine: engine.id, ids })
    marks.forEach((undo) => undo())
    if (!done) return
    const { removed, reclaimedBytes } = done
    const title = t('containers.plan.done', { count: removed, size: formatBytes(reclaimedBytes) })
    showToast({ tone: 'ok', title })
  }
  return (
    <PruneDialog
      title={t('containers.plan.title')}
      text={t('containers.plan.text')}
      plan={plan}
      open
      onClose={onClose}
      onConfirm={(ids) => void prune(ids)}
      choices={
        engines.length > 1 &&
        engine && (
          <Select<string>
            label={t('containers.plan.engine')}
            value={engine.id}
            options={engines.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(id) => setChosen(id as EngineId)}
          />
        )
      }
    />
  )
}
