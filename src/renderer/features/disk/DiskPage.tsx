import { useMemo, useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { DiskReport, Engine } from '../../../shared/model'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { formatAge, formatBytes, formatDuration, formatNumber } from '../../i18n/format'
import { useEngine } from '../../store/inventory'
import { useNow } from '../../store/now'
import { useUi } from '../../store/ui'
import {
  Button,
  DataTable,
  EmptyState,
  ErrorState,
  PageHeader,
  ProgressBar,
  Tabs,
  Treemap,
  type TableLayout,
} from '../../ui'
import { CleanUps } from './CleanUps'
import { useDiskColumns } from './disk-columns'
import { toRows, toTree, type DiskRow, type Shown } from './disk-rows'
import { useDiskReport, type DiskMeasuring } from './use-disk-report'
import { useNames } from './use-names'
import './disk.css'

/** What takes the space of one engine, the biggest first, and the ways to get it back. */
export function DiskPage({ engine: id }: { readonly engine: string }): ReactNode {
  const t = useT()
  const engine = useEngine(id)
  if (!engine || engine.state.kind !== 'running')
    return (
      <div className="page">
        <PageHeader
          title={t('disk.title', { engine: engine?.name ?? id })}
          back={{ href: '#/engine', label: t('disk.back') }}
        />
        <EmptyState title={t('disk.gone')} />
      </div>
    )
  return <Measured key={engine.id} engine={engine} />
}

function Measured({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const disk = useDiskReport(engine.id)
  return (
    <div className="page disk-page">
      <PageHeader
        title={t('disk.title', { engine: engine.name })}
        subtitle={disk.report && <When report={disk.report} />}
        back={{ href: '#/engine', label: t('disk.back') }}
        actions={
          disk.progress ? (
            <Button onClick={disk.stop}>{t('disk.stop')}</Button>
          ) : (
            <Button onClick={disk.measure}>{t('disk.measure')}</Button>
          )
        }
      />
      <Notes disk={disk} />
      {disk.report && <Report engine={engine} report={disk.report} />}
    </div>
  )
}

function When({ report }: { readonly report: DiskReport }): ReactNode {
  const t = useT()
  const now = useNow()
  const total = Object.values(report.totals).reduce((sum, bytes) => sum + bytes, 0)
  const measured = t('disk.measured', {
    age: formatAge(report.measuredAtMs, now),
    duration: formatDuration(report.tookMs),
  })
  return `${t('disk.total', { size: formatBytes(total) })} · ${measured}`
}

/** How far the measuring came, or why there is nothing. */
function Notes({ disk }: { readonly disk: DiskMeasuring }): ReactNode {
  const t = useT()
  const { progress, error, isStopped, report } = disk
  if (progress)
    return (
      <div className="disk-page__notes" role="status">
        <ProgressBar label={t('disk.measuring')} />
        <span className="dim">
          {progress.files > 0
            ? t('disk.measuringText', {
                files: formatNumber(progress.files),
                size: formatBytes(progress.bytes),
              })
            : t('disk.measuring')}
        </span>
      </div>
    )
  if (error) {
    const words = errorWords(t, error)
    return (
      <ErrorState
        title={words.title}
        text={words.text}
        action={<Button onClick={disk.measure}>{t('common.retry')}</Button>}
      />
    )
  }
  if (isStopped && !report)
    return (
      <EmptyState
        title={t('disk.stopped')}
        action={<Button onClick={disk.measure}>{t('disk.measure')}</Button>}
      />
    )
  return null
}

interface ReportProps {
  readonly engine: Engine
  readonly report: DiskReport
}

function Report({ engine, report }: ReportProps): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const [shown, setShown] = useState<Shown>('all')
  const [layout, setLayout] = useUi<TableLayout>('disk.layout', {})
  const names = useNames(engine.id)
  const all = useMemo(() => toRows(report, names), [report, names])
  const rows = useMemo(() => all.filter(({ kind }) => shown === 'all' || kind === shown), [all, shown])
  const columns = useDiskColumns()
  const open = (row: DiskRow | undefined): void => {
    if (row?.path !== undefined) navigate(row.path)
  }
  const road = report.road === 'api' ? 'api' : report.areLayersMeasured ? 'agent' : 'mixed'
  return (
    <>
      <p className="disk-page__road dim">{t(`disk.road.${road}`)}</p>
      <Picture report={report} rows={all} shown={shown} onShow={setShown} onOpen={open} />
      <div className="disk-page__bar">
        <KindTabs report={report} shown={shown} onShow={setShown} />
        <CleanUps engine={engine} />
      </div>
      <div className="disk-page__table">
        <DataTable
          label={t('disk.picture')}
          rows={rows}
          rowKey={keyOfRow}
          columns={columns}
          layout={layout}
          onLayout={setLayout}
          defaultSort={biggest}
          onOpen={open}
          isDim={hasNoBytes}
          empty={<EmptyState title={t('disk.empty')} />}
        />
      </div>
    </>
  )
}

const keyOfRow = ({ kind, id }: DiskRow): string => `${kind}/${id}`
const biggest = { column: 'own', direction: 'desc' } as const
const hasNoBytes = ({ bytes }: DiskRow): boolean => bytes === 0

interface KindProps {
  readonly report: DiskReport
  readonly shown: Shown
  readonly onShow: (shown: Shown) => void
}

function KindTabs({ report, shown, onShow }: KindProps): ReactNode {
  const t = useT()
  const kinds = Object.entries(report.totals) as [Exclude<Shown, 'all'>, number][]
  const tabs = kinds.map(([id, bytes]) => ({ id, label: t(`disk.kind.${id}`), badge: formatBytes(bytes) }))
  return (
    <Tabs tabs={[{ id: 'all', label: t('disk.all') }, ...tabs]} value={shown} onChange={(id) => onShow(id)} />
  )
}

interface PictureProps extends KindProps {
  readonly rows: readonly DiskRow[]
  readonly onOpen: (row: DiskRow | undefined) => void
}

function Picture({ report, rows, shown, onShow, onOpen }: PictureProps): ReactNode {
  const t = useT()
  const tree = useMemo(
    () => toTree(report, rows, { kind: (kind) => t(`disk.kind.${kind}`), rest: t('disk.rest') }),
    [report, rows, t],
  )
  const root = tree.children?.find(({ key }) => key === shown) ?? tree
  if (root.value === 0) return null
  return (
    <div className="disk-page__picture">
      <Treemap
        label={t('disk.picture')}
        root={root}
        describe={({ name, value }) => `${name}: ${formatBytes(value)}`}
        onChoose={(node) => {
          if (node.isFolder) onShow(node.key as Shown)
          else onOpen(rows.find((row) => keyOfRow(row) === node.key))
        }}
        onUp={shown === 'all' ? undefined : () => onShow('all')}
      />
    </div>
  )
}
