import type { ReactNode } from 'react'
import type { LayerEntry, LayerSummary } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { formatBytes, formatNumber, formatTime } from '../../../i18n/format'
import { Button, KeyValues } from '../../../ui'
import { modeWords } from '../parts/mode-words'
import { shortCommand } from '../parts/short-command'

interface FileDetailsProps {
  readonly entry: LayerEntry
  readonly summary: LayerSummary
  readonly onLayer: (layer: number) => void
}

type Row = { readonly key: string; readonly value: ReactNode }

export function FileDetails({ entry, summary, onLayer }: FileDetailsProps): ReactNode {
  const t = useT()
  const rows: Row[] = [
    { key: t('layers.detail.path'), value: <bdi className="mono">{entry.path}</bdi> },
    { key: t('layers.detail.kind'), value: t(`layers.kind.${entry.kind}`) },
    { key: t('layers.detail.change'), value: t(`layers.change.${entry.change}`) },
    { key: t('objects.size'), value: <Size entry={entry} /> },
    {
      key: t('layers.detail.writtenBy'),
      value: <LayerLink layer={entry.layer} summary={summary} onLayer={onLayer} />,
    },
  ]
  const { hiddenBy } = entry
  if (hiddenBy)
    rows.push({
      key: t(`layers.detail.hidden.${hiddenBy.how}`),
      value: <LayerLink layer={hiddenBy.layer} summary={summary} onLayer={onLayer} />,
    })
  rows.push(
    {
      key: t('layers.column.mode'),
      value: (
        <code>{`${modeWords(entry.kind, entry.mode)} (${entry.mode.toString(8).padStart(4, '0')})`}</code>
      ),
    },
    { key: t('layers.column.owner'), value: `${entry.uid}:${entry.gid}` },
    { key: t('layers.detail.modified'), value: formatTime(entry.mtimeMs) },
  )
  if (entry.linkTarget !== undefined)
    rows.push({ key: t('layers.detail.target'), value: <bdi className="mono">{entry.linkTarget}</bdi> })
  return <KeyValues rows={[...rows, ...moreRows(t, entry)]} />
}

function moreRows(t: ReturnType<typeof useT>, entry: LayerEntry): readonly Row[] {
  const rows: Row[] = []
  if (entry.hardLinks !== undefined)
    rows.push({ key: t('layers.detail.hardLinks'), value: formatNumber(entry.hardLinks) })
  if (entry.xattrs.length > 0)
    rows.push({
      key: t('layers.detail.xattrs'),
      value: <bdi className="mono">{entry.xattrs.join(', ')}</bdi>,
    })
  if (entry.isOpaque) rows.push({ key: t('layers.detail.opaque'), value: t('layers.detail.opaqueText') })
  if (entry.device)
    rows.push({ key: t('layers.detail.device'), value: `${entry.device.major}:${entry.device.minor}` })
  if (entry.isEscaped) rows.push({ key: t('layers.detail.escaped'), value: t('layers.detail.escapedText') })
  if (entry.isCut) rows.push({ key: t('layers.detail.cut'), value: t('layers.detail.cutText') })
  return rows
}

function Size({ entry }: { readonly entry: LayerEntry }): ReactNode {
  const t = useT()
  if (entry.kind !== 'folder') return `${formatBytes(entry.sizeBytes)} (${formatNumber(entry.sizeBytes)} B)`
  const gone =
    entry.removedBytes > 0 && t('layers.detail.removedBytes', { size: formatBytes(entry.removedBytes) })
  return (
    <>
      {t('layers.detail.below', { size: formatBytes(entry.belowBytes), count: entry.belowCount })} {gone}
    </>
  )
}

interface LayerLinkProps {
  readonly layer: number
  readonly summary: LayerSummary
  readonly onLayer: (layer: number) => void
}

/** The layer and the instruction that made it; a click goes to it. */
function LayerLink({ layer, summary, onLayer }: LayerLinkProps): ReactNode {
  const t = useT()
  const command = summary.layers[layer]?.command ?? ''
  return (
    <span className="layers-panel__layer" title={command}>
      <Button size="sm" onClick={() => onLayer(layer)}>
        {t('layers.layer', { layer: layer + 1 })}
      </Button>
      <bdi className="mono layers-faint">{shortCommand(command)}</bdi>
    </span>
  )
}
