import { X } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import { useLocation, useSearch } from 'wouter'
import { parentPath, type FilePath, type FilePlace } from '../../../shared/model/file-entry'
import type { EngineId } from '../../../shared/model'
import { useT } from '../../i18n'
import { useUi } from '../../store/ui'
import { IconButton, Spinner, SplitPane } from '../../ui'
import { FileDialogs } from './actions/FileDialogs'
import type { FileDialog } from './actions/dialog'
import { useUpload, type Uploads } from './actions/use-upload'
import { fileAddress, fileRoute, type FileRoute } from './file-route'
import { DropZone } from './list/DropZone'
import { FilesToolbar } from './list/FilesToolbar'
import { FindResults } from './list/FindResults'
import { FolderTable } from './list/FolderTable'
import { Foot, Notes } from './list/Notes'
import { PathBar } from './list/PathBar'
import { isFolder, isThere, narrow, type FileRow } from './list/rows'
import { useFolder, type Folder } from './list/use-folder'
import type { Search } from './list/use-find'
import { FilePane } from './open/FilePane'
import { placeOf } from './place'
import './files.css'

export interface FilesViewProps {
  readonly kind: 'container' | 'volume'
  readonly engine: EngineId
  readonly id: string
  /** The page's own path: what is behind its question mark is ours. */
  readonly base: string
  /** When it changes the folder is read again: a container was started or stopped. */
  readonly revision?: string | undefined
}

/** The files of a container or volume: a folder as a list, and beside it a file that is open. */
export function FilesView({ kind, engine, id, base, revision = '' }: FilesViewProps): ReactNode {
  const place = useMemo(() => placeOf(kind, engine, id), [kind, engine, id])
  const route = fileRoute(useSearch())
  const [, navigate] = useLocation()
  const [size, setSize] = useUi('files.openWidth', 620)
  const folder = useFolder(place, route.folder, revision)
  const go = (next: FileRoute): void => navigate(fileAddress(base, next))
  const { file } = route
  return (
    <div className="files">
      <SplitPane
        size={size}
        onSize={setSize}
        min={260}
        first={<Browser place={place} folder={folder} file={file} base={base} onGo={go} />}
        second={
          file === undefined ? undefined : (
            <FilePane
              key={file}
              place={place}
              path={file}
              canChange={folder.canChange}
              onClose={() => go({ folder: route.folder })}
              onWritten={folder.reload}
              onBack={() => go({ folder: parentPath(file), file })}
            />
          )
        }
      />
    </div>
  )
}

interface BrowserProps {
  readonly place: FilePlace
  readonly folder: Folder
  readonly file: FilePath | undefined
  readonly base: string
  readonly onGo: (route: FileRoute) => void
}

const nothing: ReadonlySet<string> = new Set()

function Browser(props: BrowserProps): ReactNode {
  const { place, folder, base, onGo } = props
  const [filter, setFilter] = useForFolder(folder.path, '')
  const [search, setSearch] = useState<Search>()
  const [dialog, setDialog] = useState<FileDialog>()
  const uploads = useUpload({
    place,
    folder: folder.path,
    names: folder.names,
    onDialog: setDialog,
    onDone: folder.reload,
  })
  return (
    <DropZone folder={folder} uploads={uploads}>
      <FilesToolbar
        folder={folder}
        filter={filter}
        onFilter={setFilter}
        onFind={(name) => setSearch({ root: folder.path, name })}
        onDialog={setDialog}
        uploads={uploads}
      >
        <PathBar
          place={place}
          folder={folder.path}
          addressOf={(route) => fileAddress(base, route)}
          onGo={onGo}
        />
      </FilesToolbar>
      {folder.listed.value && <Notes list={folder.listed.value} folder={folder.path} />}
      <GoingUploads uploads={uploads} />
      {search ? (
        <FindResults place={place} search={search} onGo={onGo} onClose={() => setSearch(undefined)} />
      ) : (
        <Listing {...props} filter={filter} uploads={uploads} dialog={dialog} onDialog={setDialog} />
      )}
    </DropZone>
  )
}

interface ListingProps extends BrowserProps {
  readonly filter: string
  readonly uploads: Uploads
  readonly dialog: FileDialog | undefined
  readonly onDialog: (dialog: FileDialog | undefined) => void
}

/** The folder itself, and what is done to what it holds. */
function Listing(props: ListingProps): ReactNode {
  const t = useT()
  const { place, folder, file, filter, dialog, onDialog, onGo } = props
  const [selection, setSelection] = useForFolder(folder.path, nothing)
  const rows = useMemo(() => narrow(folder.rows, filter), [folder.rows, filter])
  const open = (row: FileRow): void => {
    if (!isThere(row)) return
    onGo(isFolder(row.entry) ? { folder: row.path } : { folder: folder.path, file: row.path })
  }
  const onGone = (paths: readonly FilePath[], to?: FilePath): void => {
    setSelection(nothing)
    if (file === undefined || !paths.includes(file)) return
    onGo({ folder: folder.path, ...(to !== undefined && { file: to }) })
  }
  const list = folder.listed.value
  return (
    <>
      <FolderTable
        place={place}
        folder={folder}
        rows={rows}
        selection={selection}
        onSelection={setSelection}
        menu={{ t, place, canChange: folder.canChange, onOpen: open, onDialog }}
        onUp={() => onGo({ folder: parentPath(folder.path) })}
      />
      {list && <Foot list={list} shown={rows.length} chosen={selection.size} />}
      <FileDialogs
        dialog={dialog}
        place={place}
        folder={folder}
        uploads={props.uploads}
        onClose={() => onDialog(undefined)}
        onGone={onGone}
        onMade={(path) => onGo({ folder: folder.path, file: path })}
      />
    </>
  )
}

/** What holds for one folder only: in another it begins anew. */
function useForFolder<T>(folder: FilePath, first: T): readonly [T, (value: T) => void] {
  const [kept, setKept] = useState({ folder, value: first })
  return [kept.folder === folder ? kept.value : first, (value) => setKept({ folder, value })]
}

function GoingUploads({ uploads }: { readonly uploads: Uploads }): ReactNode {
  const t = useT()
  return uploads.going.map(({ id, name, cancel }) => (
    <div key={id} className="files__going-up" role="status">
      <Spinner size={14} />
      <span className="truncate">{t('files.upload.progress', { name })}</span>
      <a href="#/activity">{t('activity.title')}</a>
      <IconButton size="sm" label={t('files.upload.cancel')} icon={<X />} onClick={cancel} />
    </div>
  ))
}
