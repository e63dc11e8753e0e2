import type { ReactNode } from 'react'
import { useT, type Translate } from '../../../i18n'
import { formatAge, formatBytes, formatNumber, formatPercent, formatTime } from '../../../i18n/format'
import { Code, KeyValues } from '../../../ui'
import type { Step } from './steps'

interface Row {
  readonly key: string
  readonly value: ReactNode
}
const line = (key: string, value: ReactNode): Row => ({ key, value })

/** All that is known of one step of the image's making. */
export function LayerInfo({
  step,
  totalBytes,
}: {
  readonly step: Step
  readonly totalBytes: number
}): ReactNode {
  const t = useT()
  const { read } = step
  const share = formatPercent((step.sizeBytes / Math.max(1, totalBytes)) * 100)
  const rows = [
    line(
      t('objects.size'),
      step.layer === undefined
        ? t('images.page.emptyLayer')
        : `${formatBytes(step.sizeBytes)} · ${t('images.page.share', { percent: share })}`,
    ),
    ...(read && read.wastedBytes > 0 ? [line(t('layers.info.wasted'), formatBytes(read.wastedBytes))] : []),
    ...(read
      ? [
          line(
            t('layers.info.paths'),
            t('layers.list.counts', {
              added: formatNumber(read.added),
              changed: formatNumber(read.changed),
              removed: formatNumber(read.removed),
            }),
          ),
        ]
      : []),
    line(
      t('objects.created'),
      step.createdAtMs > 0
        ? `${formatTime(step.createdAtMs)} (${formatAge(step.createdAtMs)})`
        : t('objects.none'),
    ),
    ...originRows(t, step),
  ]
  return (
    <section className="layers-panel" aria-label={t('layers.info.label', { layer: step.index + 1 })}>
      <h3 className="layers-panel__title">{t('layers.info.label', { layer: step.index + 1 })}</h3>
      <Code text={step.command || t('layers.list.unknown')} />
      <KeyValues rows={rows} />
    </section>
  )
}

/** What it is called, and who has it too. */
function originRows(t: Translate, { read, history }: Step): readonly Row[] {
  const diffId = read?.diffId ?? history?.diffId
  return [
    ...(diffId === undefined ? [] : [line(t('images.page.diffId'), <code>{diffId}</code>)]),
    ...(history !== undefined && history.tags.length > 0
      ? [line(t('images.column.tags'), <bdi>{history.tags.join(', ')}</bdi>)]
      : []),
    ...(history !== undefined && history.sharedWith.length > 0
      ? [
          line(
            t('images.page.sharedTitle'),
            <bdi>{history.sharedWith.map((one) => one.tag || one.id).join(', ')}</bdi>,
          ),
        ]
      : []),
  ]
}
