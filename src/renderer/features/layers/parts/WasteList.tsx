import { Sparkles } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import type { LayerSummary, ObjectRef, WastedPath } from '../../../../shared/model'
import { useCall } from '../../../api'
import { useT, type Translate } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { formatBytes } from '../../../i18n/format'
import { Button, DataTable, EmptyState, ErrorState, Loading, type Column } from '../../../ui'
import type { Placing } from '../place'
import { shortCommand } from './short-command'

interface WasteListProps {
  readonly imageRef: ObjectRef
  readonly summary: LayerSummary
  readonly placing: Placing
}

const most = 1000

/** Bytes that nobody can see in the image: the worst first, with the instruction that wrote and that hid them. */
export function WasteList({ imageRef, summary, placing }: WasteListProps): ReactNode {
  const t = useT()
  const wasted = useCall('layers.wasted', { ...imageRef, limit: most })
  const columns = useMemo(() => columnsOf(t, summary, placing), [t, summary, placing])
  if (wasted.state === 'loading') return <Loading label={t('layers.waste.loading')} />
  if (wasted.state === 'failed')
    return (
      <ErrorState
        {...wordsOf(t, wasted.error)}
        action={<Button onClick={wasted.reload}>{t('objects.retry')}</Button>}
      />
    )
  return (
    <>
      <p className="layers-note">{t('layers.waste.text')}</p>
      <DataTable
        label={t('layers.waste.label')}
        rows={wasted.value.paths}
        rowKey={(row) => row.path}
        columns={columns}
        defaultSort={{ column: 'size', direction: 'desc' }}
        onOpen={(row) => open(placing, row)}
        empty={
          <EmptyState icon={<Sparkles />} title={t('layers.waste.none')} text={t('layers.waste.noneText')} />
        }
      />
    </>
  )
}

const wordsOf = (t: Translate, error: Parameters<typeof errorWords>[1]) => {
  const { title, text } = errorWords(t, error)
  return { title, text }
}

/** To the file, in the layer that hides its biggest copy. */
const open = (placing: Placing, row: WastedPath): void =>
  placing.go({
    path: row.path,
    layer: row.copies[0]?.hiddenBy,
    view: 'layer',
    show: 'tree',
    tab: 'versions',
  })

function columnsOf(t: Translate, summary: LayerSummary, placing: Placing): readonly Column<WastedPath>[] {
  const command = (layer: number): string =>
    shortCommand(summary.layers[layer]?.command ?? '') || t('layers.list.unknown')
  return [
    {
      id: 'path',
      header: t('layers.column.path'),
      width: 300,
      sortValue: (row) => row.path,
      render: (row) => (
        <button
          type="button"
          className="layers-link mono"
          title={row.path}
          onClick={() => open(placing, row)}
        >
          <bdi>{row.path}</bdi>
        </button>
      ),
    },
    {
      id: 'size',
      header: t('layers.column.wasted'),
      width: 92,
      align: 'end',
      sortValue: (row) => row.wastedBytes,
      isMostFirst: true,
      render: (row) => formatBytes(row.wastedBytes),
    },
    {
      id: 'copies',
      header: t('layers.column.copies'),
      width: 70,
      align: 'end',
      sortValue: (row) => row.copies.length,
      isMostFirst: true,
      render: (row) => row.copies.length,
    },
    {
      id: 'why',
      header: t('layers.column.why'),
      width: 480,
      render: (row) => {
        const [copy] = row.copies
        if (!copy) return null
        const words = t(`layers.waste.${copy.how}`, {
          from: copy.layer + 1,
          by: copy.hiddenBy + 1,
          command: command(copy.hiddenBy),
        })
        return <bdi title={words}>{words}</bdi>
      },
    },
  ]
}
