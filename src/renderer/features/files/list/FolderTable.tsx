import { Download, FolderOpen, SearchX, Trash2 } from 'lucide-react'
import { useMemo, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react'
import { shownName, type FilePlace } from '../../../../shared/model/file-entry'
import { useT } from '../../../i18n'
import { useUi } from '../../../store/ui'
import { Button, DataTable, EmptyState, ErrorState, Loading, type TableLayout } from '../../../ui'
import { canDownload, downloadRows, fileMenu, type MenuContext } from '../actions/file-menu'
import { fileErrorWords } from '../file-errors'
import { useDraftPaths } from '../open/drafts'
import { defaultSort, useFileColumns } from './columns'
import { isThere, type FileRow } from './rows'
import type { Folder } from './use-folder'

interface FolderTableProps {
  readonly place: FilePlace
  readonly folder: Folder
  readonly rows: readonly FileRow[]
  readonly selection: ReadonlySet<string>
  readonly onSelection: (selection: ReadonlySet<string>) => void
  readonly menu: MenuContext
  readonly onUp: () => void
}

/** One folder's lines. The table stays while another folder is read, and so does the focus in it. */
export function FolderTable(props: FolderTableProps): ReactNode {
  const t = useT()
  const { place, folder, rows, selection, menu, onUp } = props
  const [layout, setLayout] = useUi<TableLayout>('files.table', {})
  const drafts = useDraftPaths(place)
  const draftSet = useMemo(() => new Set(drafts.split('\n')), [drafts])
  const columns = useFileColumns(layout.sort ?? defaultSort, draftSet)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (handleKey(event, props)) event.preventDefault()
  }
  return (
    // Keys that the table leaves: it holds the focus.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="files__table" onKeyDown={onKeyDown} onFocus={focusGrid}>
      <DataTable
        label={t('files.listOf', { path: shownName(folder.path) })}
        rows={rows}
        rowKey={pathOf}
        columns={columns}
        layout={layout}
        onLayout={setLayout}
        defaultSort={defaultSort}
        selection={selection}
        onSelection={props.onSelection}
        onOpen={menu.onOpen}
        onDelete={(chosen) => {
          const there = chosen.filter(isThere)
          if (menu.canChange && there.length > 0) menu.onDialog({ kind: 'remove', rows: there })
        }}
        menuFor={(chosen) => fileMenu(menu, chosen)}
        bulkBar={(chosen) => <Bulk menu={menu} chosen={chosen} />}
        isDim={({ entry }) => entry === undefined}
        empty={<Empty folder={folder} onUp={onUp} />}
      />
    </div>
  )
}

/** A click on a row gives it the focus; keys are the grid's, so that it gets the focus on. */
function focusGrid(event: FocusEvent<HTMLElement>): void {
  if (event.target.getAttribute('role') !== 'row') return
  event.currentTarget.querySelector<HTMLElement>('[role=grid]')?.focus({ preventScroll: true })
}

const pathOf = ({ path }: FileRow): string => path

function handleKey(event: KeyboardEvent, { rows, selection, menu, onUp }: FolderTableProps): boolean {
  if (!(event.target instanceof Element) || event.target.getAttribute('role') !== 'grid') return false
  if (event.key === 'Backspace' || (event.altKey && event.key === 'ArrowUp')) {
    onUp()
    return true
  }
  if (event.key !== 'F2' || !menu.canChange) return false
  const chosen = rows.filter(({ path }) => selection.has(path)).filter(isThere)
  const [row] = chosen
  if (row && chosen.length === 1) menu.onDialog({ kind: 'rename', row })
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
  const there = chosen.filter(isThere)
  const wanted = there.filter(canDownload)
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
      <Button
        size="sm"
        disabled={!menu.canChange || there.length === 0}
        onClick={() => menu.onDialog({ kind: 'move', rows: there })}
      >
        {t('files.action.move')}
      </Button>
      <Button
        size="sm"
        variant="danger"
        icon={<Trash2 aria-hidden="true" />}
        disabled={!menu.canChange || there.length === 0}
        onClick={() => menu.onDialog({ kind: 'remove', rows: there })}
      >
        {t('files.action.deleteMany', { count: there.length })}
      </Button>
    </>
  )
}

function Empty({ folder, onUp }: { readonly folder: Folder; readonly onUp: () => void }): ReactNode {
  const t = useT()
  const { listed, canChange, rows, path } = folder
  if (listed.state === 'loading') return <Loading label={t('files.loading')} />
  if (listed.state === 'failed') {
    const { detail, ...words } = fileErrorWords(t, listed.error, t('files.failed'))
    return (
      <ErrorState
        title={words.title}
        text={detail === undefined ? words.text : `${words.text} ${detail}`}
        action={
          <>
            <Button onClick={listed.reload}>{t('common.retry')}</Button>{' '}
            {path !== '/' && <Button onClick={onUp}>{t('files.up')}</Button>}
          </>
        }
      />
    )
  }
  if (rows.length > 0) return <EmptyState icon={<SearchX />} title={t('files.empty.noMatch')} />
  const text = t(canChange ? 'files.empty.text' : 'files.empty.textReadOnly')
  return <EmptyState icon={<FolderOpen />} title={t('files.empty.title')} text={text} />
}
