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
import { movedPath } from './list/open-folders'
import { isFolder, isThere, narrow, type FileRow } from './list/rows'
import { useOwners, type Owners } from './list/use-owners'
import { useTree, type FileTree, type Folder } from './list/use-tree'
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
  /** When it changes the folders are read again: a container was started or stopped. */
  readonly revision?: string | undefined
}

/** The files of a container or volume: a folder as a tree, and beside it a file that is open. */
export function FilesView({ kind, engine, id, base, revision = '' }: FilesViewProps): ReactNode {
  const place = useMemo(() => placeOf(kind, engine, id), [kind, engine, id])
  const route = fileRoute(useSearch())
  const [, navigate] = useLocation()
  const [size, setSize] = useUi('files.openWidth', 620)
  const { file } = route
  const tree = useTree({ place, top: route.folder, file, revision })
  const go = (next: FileRoute): void => navigate(fileAddress(base, next))
  return (
    <div className="files">
      <SplitPane
        size={size}
        onSize={setSize}
        min={260}
        first={<Browser place={place} tree={tree} file={file} base={base} onGo={go} />}
        second={
          file === undefined ? undefined : (
            <FilePane
              key={file}
              place={place}
              path={file}
              canChange={tree.folderAt(parentPath(file)).canChange}
              onClose={() => go({ folder: route.folder })}
              onWritten={tree.reload}
              onBack={() => go(route)}
            />
          )
        }
      />
    </div>
  )
}

interface BrowserProps {
  readonly place: FilePlace
  readonly tree: FileTree
  readonly file: FilePath | undefined
  readonly base: string
  readonly onGo: (route: FileRoute) => void
}

const nothing: ReadonlySet<string> = new Set()

function Browser(props: BrowserProps): ReactNode {
  const { place, tree, base, onGo } = props
  const folder = tree.top
  const [filter, setFilter] = useForFolder(folder.path, '')
  const [search, setSearch] = useForFolder<Search | undefined>(folder.path, undefined)
  const [selection, setSelection] = useForFolder(folder.path, nothing)
  const [dialog, setDialog] = useState<FileDialog>()
  const owners = useOwners(place)
  const uploads = useUpload({
    place,
    namesIn: async (path) => namesOf(tree.folderAt(path)) ?? (await tree.read(path)).names,
    onDialog: setDialog,
    onDone: (path) => {
      // So that one sees what came.
      if (path !== folder.path && tree.rows.some((row) => row.path === path)) tree.open.fold(path, true)
      tree.reload()
    },
  })
  return (
    <DropZone tree={tree} uploads={uploads}>
      <FilesToolbar
        tree={tree}
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
      {folder.listing.state === 'ready' && <Notes list={folder.listing.list} folder={folder.path} />}
      <GoingUploads uploads={uploads} />
      {search ? (
        <FindResults place={place} search={search} onGo={onGo} onClose={() => setSearch(undefined)} />
      ) : (
        <Listing
          {...props}
          filter={filter}
          owners={owners}
          selection={selection}
          onSelection={setSelection}
          onDialog={setDialog}
        />
      )}
      <Dialogs
        {...props}
        dialog={dialog}
        uploads={uploads}
        onClose={() => setDialog(undefined)}
        onForget={() => setSelection(nothing)}
      />
    </DropZone>
  )
}

interface ListingProps extends BrowserProps {
  readonly filter: string
  readonly owners: Owners
  readonly selection: ReadonlySet<string>
  readonly onSelection: (selection: ReadonlySet<string>) => void
  readonly onDialog: (dialog: FileDialog) => void
}

/** The tree itself. */
function Listing(props: ListingProps): ReactNode {
  const t = useT()
  const { place, tree, filter, selection, onDialog, onGo } = props
  const folder = tree.top
  const rows = useMemo(() => narrow(tree.rows, filter), [tree.rows, filter])
  const chosen = useMemo(() => rows.filter(({ path }) => selection.has(path)).length, [rows, selection])
  const open = (row: FileRow): void => {
    if (!isThere(row)) return
    onGo(isFolder(row.entry) ? { folder: row.path } : { folder: folder.path, file: row.path })
  }
  const list = folder.listing.state === 'ready' ? folder.listing.list : undefined
  return (
    <>
      <FolderTable
        place={place}
        tree={tree}
        rows={rows}
        owners={props.owners}
        selection={selection}
        onSelection={props.onSelection}
        menu={{
          t,
          place,
          canChangeIn: (path) => tree.folderAt(path).canChange,
          onOpen: open,
          onUnfold: (path) => tree.open.fold(path, true),
          onDialog,
        }}
        onUp={() => onGo({ folder: parentPath(folder.path) })}
      />
      {list && <Foot list={list} shown={rows.length} changes={changesIn(tree.rows)} chosen={chosen} />}
    </>
  )
}

interface DialogsProps extends BrowserProps {
  readonly dialog: FileDialog | undefined
  readonly uploads: Uploads
  readonly onClose: () => void
  /** What was selected is no more. */
  readonly onForget: () => void
}

/** What is done to files, whether the tree is shown or what was found. */
function Dialogs(props: DialogsProps): ReactNode {
  const { place, tree, file, onGo } = props
  const folder = tree.top
  const onGone = (paths: readonly FilePath[], to?: FilePath): void => {
    props.onForget()
    const [from] = paths
    if (from !== undefined && to !== undefined) tree.open.moved(from, to)
    const gone = file === undefined ? undefined : paths.find((path) => movedPath(file, path, path))
    if (file === undefined || gone === undefined) return
    const now = to === undefined ? undefined : movedPath(file, gone, to)
    onGo({ folder: folder.path, ...(now !== undefined && { file: now }) })
  }
  return (
    <FileDialogs
      dialog={props.dialog}
      place={place}
      tree={tree}
      uploads={props.uploads}
      onClose={props.onClose}
      onGone={onGone}
      onMade={(path) => onGo({ folder: folder.path, file: path })}
    />
  )
}

const changesIn = (rows: readonly FileRow[]): number =>
  rows.reduce((sum, { entry }) => (entry === undefined || entry.change !== undefined ? sum + 1 : sum), 0)

/** Unknown until it was read. */
const namesOf = ({ listing }: Folder): ReadonlySet<string> | undefined =>
  listing.state === 'ready' ? listing.names : undefined

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
