import type { ReactNode } from 'react'
import { keyOf } from '../../../../shared/model'
import { useCall } from '../../../api'
import { act } from '../../../api/act'
import { useT } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import { useEngineChoice } from '../../../objects/EngineChoice'
import { PruneDialog } from '../../../objects/PruneDialog'
import { markPending } from '../../../store/pending'
import { showToast } from '../../../store/toasts'
import { useUi } from '../../../store/ui'
import { noFilter, toFilter } from '../list/filter'

/** Lists the stopped containers of an engine with their sizes; just the checked ones go. */
export function PruneContainers({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT()
  const { engine, choice } = useEngineChoice(
    toFilter(useUi<unknown>('containers.filter', noFilter)[0]).engine,
  )
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
      plan={engine && plan}
      open
      onClose={onClose}
      onConfirm={(ids) => void prune(ids)}
      choices={choice}
    />
  )
}
