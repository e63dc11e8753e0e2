import type { ReactNode } from 'react'
import { useState } from 'react'
import type { PruneEntry, PrunePlan } from '../../shared/model'
import type { CallState } from '../api'
import { useT } from '../i18n'
import { errorWords } from '../i18n/error-words'
import { formatBytes } from '../i18n/format'
import { Checkbox, ConfirmDialog, ErrorState, Loading } from '../ui'
import './objects.css'

interface PruneDialogProps {
  readonly title: string
  readonly text: string
  /** Absent: there is no engine to ask. */
  readonly plan: CallState<PrunePlan> | undefined
  /** Choices that change the plan. */
  readonly choices?: ReactNode
  readonly open: boolean
  readonly onClose: () => void
  /** With just what the person saw and left chosen. */
  readonly onConfirm: (ids: string[]) => void
}

/** What would go and how big it is; each line can be kept. */
export function PruneDialog({ plan, onConfirm, ...props }: PruneDialogProps): ReactNode {
  const t = useT()
  // Kept lines are kept by name: another plan with other lines keeps what the person already spared.
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set())
  const entries = plan?.value?.entries ?? []
  const chosen = entries.filter((entry) => !kept.has(entry.id))
  return (
    <ConfirmDialog
      title={props.title}
      open={props.open}
      onClose={props.onClose}
      danger
      width={560}
      disabled={chosen.length === 0}
      confirmLabel={t('objects.prunePlan.confirm', { count: chosen.length })}
      onConfirm={() => onConfirm(chosen.map((entry) => entry.id))}
    >
      <p>{props.text}</p>
      {props.choices}
      {plan?.state === 'loading' && <Loading label={t('objects.prunePlan.looking')} />}
      {plan?.state === 'failed' && <ErrorState {...errorWords(t, plan.error)} />}
      {plan?.state === 'ready' && <PlanLines entries={entries} kept={kept} onKept={setKept} />}
      {chosen.length > 0 && (
        <PlanTotal chosen={chosen} isAll={chosen.length === entries.length} plan={plan?.value} />
      )}
    </ConfirmDialog>
  )
}

interface PlanLinesProps {
  readonly entries: readonly PruneEntry[]
  readonly kept: ReadonlySet<string>
  readonly onKept: (kept: ReadonlySet<string>) => void
}

function PlanLines({ entries, kept, onKept }: PlanLinesProps): ReactNode {
  const t = useT()
  if (entries.length === 0) return <p role="status">{t('objects.prunePlan.nothing')}</p>
  const keep = (id: string, isKept: boolean): void => {
    const next = new Set(kept)
    if (isKept) next.add(id)
    else next.delete(id)
    onKept(next)
  }
  return (
    <ul className="prune-plan" aria-label={t('objects.prune')}>
      {entries.map((entry) => (
        <li key={entry.id} className="prune-plan__line">
          <Checkbox
            label={entry.name}
            checked={!kept.has(entry.id)}
            onChange={(isChosen) => keep(entry.id, !isChosen)}
          />
          <span className="prune-plan__size">
            {entry.sizeBytes === undefined
              ? t('objects.prunePlan.unknownSize')
              : formatBytes(entry.sizeBytes)}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** The plan's own total counts shared layers once; a part of the plan can only be summed where sizes are known. */
function PlanTotal({
  chosen,
  isAll,
  plan,
}: {
  readonly chosen: readonly PruneEntry[]
  readonly isAll: boolean
  readonly plan: PrunePlan | undefined
}): ReactNode {
  const t = useT()
  const total = isAll ? plan?.totalBytes : undefined
  return (
    <p role="status">
      {total === undefined
        ? t('objects.prunePlan.totalUnknown', { count: chosen.length })
        : t('objects.prunePlan.total', { count: chosen.length, size: formatBytes(total) })}
    </p>
  )
}
