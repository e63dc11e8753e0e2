import { Download, FolderOpen, SearchX, Trash2 } from 'lucide-react'
import { useMemo, type KeyboardEvent, type ReactNode } from 'react'
import { shownName, type FilePlace } from '../../../../shared/model/file-entry'
import { useT } from '../../../i18n'
import { useUi } from '../../../store/ui'
import { Button, DataTable, EmptyState, ErrorState, Loading, type TableLayout } from '../../../ui'
import { canChangeAll, canDownload, downloadRows, fileMenu, type MenuContext } from '../actions/file-menu'
import { fileErrorWords } from '../file-errors'
import { useDraftPaths } from '../open/drafts'
import { defaultSort, useFileColumns } from './columns'
import { isThere, outermost, type FileRow } from './rows'
import { useFolding } from './use-folding'
import type { Owners } from './use-owners'
import type { FileTree } from './use-tree'

interface FolderTableProps {
  readonly place: FilePlace
  readonly tree: FileTree
  /** Those of the tree that the filter lets through. */
  readonly rows: readonly FileRow[]
  readonly owners: Owners
  readonly selection: ReadonlySet<string>
  readonly onSelection: (selection: ReadonlySet<string>) => void
  readonly menu: MenuContext
  readonly onUp: () => void
}

/** A folder's lines, and in it those of open ones. The table stays while others are read, and so does the focus. */
export function FolderTable(props: FolderTableProps): ReactNode {
  const t = useT()
  const { place, tree, rows, owners, selection, menu, onUp } = props
  const [layout, setLayout] = useUi<TableLayout>('files.table', {})
  const drafts = useDraftPaths(place)
  const draftSet = useMemo(() => new Set(drafts.split('\n')), [drafts])
  const columns = useFileColumns({ sort: layout.sort ?? defaultSort, drafts: draftSet, owners })
  const folding = useFolding(tree)
  return (
    <div className="files__table">
      <DataTable
        label={t('files.listOf', { path: shownName(tree.top.path) })}
        rows={rows}
        rowKey={pathOf}
        columns={columns}
        tree={folding}
        layout={layout}
        onLayout={setLayout}
        defaultSort={defaultSort}
        selection={selection}
        onSelection={props.onSelection}
        onOpen={menu.onOpen}
        nameOf={nameOf}
        onKey={(event, chosen) => handleKey(event, chosen, props)}
        onDelete={(chosen) => {
          const there = chosen.filter(isThere)
          if (there.length > 0 && canChangeAll(menu, there))
            menu.onDialog({ kind: 'remove', rows: outermost(there) })
        }}
        menuFor={(chosen) => fileMenu(menu, chosen)}
        bulkBar={(chosen) => <Bulk menu={menu} chosen={chosen} />}
        isDim={({ entry }) => entry === undefined}
        empty={<Empty tree={tree} onUp={onUp} />}
      />
    </div>
  )
}

const pathOf = ({ path }: FileRow): string => path
const nameOf = ({ name }: FileRow): string => name

function handleKey(
  event: KeyboardEvent,
  chosen: readonly FileRow[],
  { menu, onUp }: FolderTableProps,
): boolean {
  if (event.key === 'Backspace' || (event.altKey && event.key === 'ArrowUp')) {
    onUp()
    return true
  }
  if (event.key !== 'F2') return false
  const [row, second] = chosen.filter(isThere)
  if (row && !second && menu.canChangeIn(row.folder)) menu.onDialog({ kind: 'rename', row })
  return true
}

function Bulk({
  menu,
  chosen,
}: {
  readonly menu: MenuContext
  readonly chosen: readonly FileRow[]
}): ReactNode {
  const { t } = menu
  const there = outermost(chosen.filter(isThere))
  const wanted = there.filter(canDownload)
  const canChange = there.length > 0 && canChangeAll(menu, there)
  return (
    <>
      <Button
        size="sm"
        icon={<Download aria-hidden="true" />}
        disabled={wanted.length === 0}
        onClick={() => void downloadRows(menu.place, wanted)}
      >
        {t('files.action.downloadMany', { count: wanted.length })}
      </Button>
      <Button size="sm" disabled={!canChange} onClick={() => menu.onDialog({ kind: 'move', rows: there })}>
        {t('files.action.move')}
      </Button>
      <Button
        size="sm"
        variant="danger"
        icon={<Trash2 aria-hidden="true" />}
        disabled={!canChange}
        onClick={() => menu.onDialog({ kind: 'remove', rows: there })}
      >
        {t('files.action.deleteMany', { count: there.length })}
      </Button>
    </>
  )
}

function Empty({ tree, onUp }: { readonly tree: FileTree; readonly onUp: () => void }): ReactNode {
  const t = useT()
  const { listing, canChange, path } = tree.top
  if (listing.state === 'loading') return <Loading label={t('files.loading')} />
  if (listing.state === 'failed') {
    const { detail, ...words } = fileErrorWords(t, listing.error, t('files.failed'))
    return (
      <ErrorState
        title={words.title}
        text={detail === undefined ? words.text : `${words.text} ${detail}`}
        action={
          <>
            <Button onClick={tree.reload}>{t('common.retry')}</Button>{' '}
            {path !== '/' && <Button onClick={onUp}>{t('files.up')}</Button>}
          </>
        }
      />
    )
  }
  if (tree.rows.length > 0) return <EmptyState icon={<SearchX />} title={t('files.empty.noMatch')} />
  const text = t(canChange ? 'files.empty.text' : 'files.empty.textReadOnly')
  return <EmptyState icon={<FolderOpen />} title={t('files.empty.title')} text={text} />
}
