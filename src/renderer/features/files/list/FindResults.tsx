import { SearchX } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import { parentPath, shownName, type FilePlace } from '../../../../shared/model/file-entry'
import { useT, type Translate } from '../../../i18n'
import { formatBytes, formatNumber } from '../../../i18n/format'
import { Button, DataTable, EmptyState, Loading, type Column } from '../../../ui'
import { fileErrorWords } from '../file-errors'
import type { FileRoute } from '../file-route'
import { useFind, type FindState, type FoundFile, type Search } from './use-find'

interface FindResultsProps {
  readonly place: FilePlace
  readonly search: Search
  readonly onGo: (route: FileRoute) => void
  readonly onClose: () => void
}

/** In place of the folder: what was found below it by name. */
export function FindResults({ place, search, onGo, onClose }: FindResultsProps): ReactNode {
  const t = useT()
  const find = useFind(place, search)
  const columns = useMemo(() => columnsOf(t, search.root), [t, search.root])
  const title = t('files.find.title', { name: search.name, path: shownName(search.root) })
  const open = (found: FoundFile): void => {
    if (found.kind === 'folder') onClose()
    onGo(
      found.kind === 'folder' ? { folder: found.path } : { folder: parentPath(found.path), file: found.path },
    )
  }
  return (
    <section className="files__found" aria-label={title}>
      <header className="files__found-head">
        <h2 className="files__found-title truncate">{title}</h2>
        <span className="dim num" role="status">
          {foundWords(t, find)}
        </span>
        <span className="toolbar__space" />
        {find.isBusy && (
          <Button size="sm" onClick={find.stop}>
            {t('files.find.stop')}
          </Button>
        )}
        <Button size="sm" onClick={onClose}>
          {t('files.find.close')}
        </Button>
      </header>
      <DataTable
        label={title}
        rows={find.found}
        rowKey={({ path }) => path}
        columns={columns}
        defaultSort={{ column: 'path', direction: 'asc' }}
        onOpen={open}
        empty={
          find.isBusy ? (
            <Loading label={foundWords(t, find)} />
          ) : (
            <EmptyState icon={<SearchX />} title={t('files.find.none')} />
          )
        }
      />
    </section>
  )
}

function foundWords(t: Translate, { found, looked, isBusy, cut, error }: FindState): string {
  const count = formatNumber(looked)
  if (error) return fileErrorWords(t, error, t('files.find.failed')).text
  if (isBusy) return t('files.find.busy', { count })
  if (cut === 'count') return t('files.find.cutCount', { found: formatNumber(found.length) })
  if (cut === 'time') return t('files.find.cutTime', { found: formatNumber(found.length) })
  return t('files.find.done', { found: formatNumber(found.length), count })
}

const columnsOf = (t: Translate, root: string): readonly Column<FoundFile>[] => [
  {
    id: 'path',
    header: t('files.column.path'),
    width: 320,
    sortValue: ({ path }) => path,
    render: ({ path }) => (
      <bdi className="mono truncate" title={shownName(path)}>
        {shownName(root === '/' ? path.slice(1) : path.slice(root.length + 1))}
      </bdi>
    ),
  },
  {
    id: 'kind',
    header: t('files.column.kind'),
    width: 110,
    sortValue: ({ kind }) => kind,
    render: ({ kind }) => t(`files.kind.${kind}`),
  },
  {
    id: 'size',
    header: t('files.column.size'),
    width: 90,
    align: 'end',
    isMostFirst: true,
    sortValue: ({ kind, sizeBytes }) => (kind === 'file' ? sizeBytes : undefined),
    render: ({ kind, sizeBytes }) => (kind === 'file' ? formatBytes(sizeBytes) : ''),
  },
]
