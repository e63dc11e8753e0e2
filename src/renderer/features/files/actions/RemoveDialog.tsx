import { useEffect, useState, type ReactNode } from 'react'
import { shownName, type FilePlace, type FileRemovalPlan } from '../../../../shared/model/file-entry'
import { call } from '../../../api'
import { useT, type Translate } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import type { Entered } from '../list/rows'
import { ConfirmDialog } from '../../../ui'
import { at } from '../place'

interface RemoveDialogProps {
  readonly place: FilePlace
  readonly rows: readonly Entered[]
  readonly onRemove: () => void
  readonly onClose: () => void
}

const listedAtMost = 50

/** Tells how much would go before it goes: it is counted inside the folders first. */
export function RemoveDialog({ place, rows, onRemove, onClose }: RemoveDialogProps): ReactNode {
  const t = useT()
  const plan = usePlan(place, rows)
  const mounts = typeof plan === 'object' ? plan.mounts : []
  return (
    <ConfirmDialog
      title={t(rows.length === 1 ? 'files.remove.title' : 'files.remove.titleMany', {
        count: rows.length,
        name: rows[0]?.name ?? '',
      })}
      open
      danger
      onClose={onClose}
      onConfirm={onRemove}
      confirmLabel={t('files.remove.confirm')}
      disabled={plan === 'counting' || mounts.length > 0}
    >
      {rows.length > 1 && (
        <ul className="files__going">
          {rows.slice(0, listedAtMost).map(({ path, name }) => (
            <li key={path}>
              <bdi className="mono">{name}</bdi>
            </li>
          ))}
          {rows.length > listedAtMost && <li>…</li>}
        </ul>
      )}
      <p role="status">{planWords(t, plan)}</p>
      {mounts.length > 0 && (
        <p role="alert">{t('files.remove.mounts', { paths: mounts.map(shownName).join(', ') })}</p>
      )}
      <p>
        <strong>{t('files.remove.noUndo')}</strong>
      </p>
    </ConfirmDialog>
  )
}

type Counted = Omit<FileRemovalPlan, 'road'>
type Plan = Counted | 'counting' | 'unknown'

function planWords(t: Translate, plan: Plan): string {
  if (plan === 'counting') return t('files.remove.counting')
  if (plan === 'unknown') return t('files.remove.unknown')
  return t(plan.isCut ? 'files.remove.sumAtLeast' : 'files.remove.sum', {
    files: t('files.remove.files', { count: plan.files }),
    folders: t('files.remove.folders', { count: plan.folders }),
    size: formatBytes(plan.sizeBytes),
  })
}

const nothing: Counted = { files: 0, folders: 0, sizeBytes: 0, isCut: false, mounts: [] }

function usePlan(place: FilePlace, rows: readonly Entered[]): Plan {
  const [plan, setPlan] = useState<Plan>('counting')
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const count = async (): Promise<void> => {
      let sum = nothing
      for (const { path } of rows) sum = added(sum, await call('files.removalPlan', at(place, path), signal))
      if (!signal.aborted) setPlan(sum)
    }
    count().catch(() => !signal.aborted && setPlan('unknown'))
    return () => controller.abort()
  }, [place, rows])
  return plan
}

const added = (sum: Counted, one: Counted): Counted => ({
  files: sum.files + one.files,
  folders: sum.folders + one.folders,
  sizeBytes: sum.sizeBytes + one.sizeBytes,
  isCut: sum.isCut || one.isCut,
  mounts: [...sum.mounts, ...one.mounts],
})
