import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { parentPath, type FileName, type FilePath, type FilePlace } from '../../../../shared/model/file-entry'
import { call } from '../../../api'
import { at } from '../place'
import { FolderLists, type Listing } from './folder-lists'
import { useOpenFolders, type OpenFolders } from './open-folders'
import { isFolder, isThere, type FileRow } from './rows'

export interface Folder {
  readonly path: FilePath
  readonly listing: Listing
  /** Every name that is there, for what is new. */
  readonly names: ReadonlySet<FileName>
  /** Told by core; until it has, what can be done is not offered. */
  readonly canChange: boolean
}

/** A folder, and in it those that are open. */
export interface FileTree {
  readonly top: Folder
  /** Of the top folder and of every open one below it. */
  readonly rows: readonly FileRow[]
  readonly open: OpenFolders
  /** Any folder, read or not. */
  readonly folderAt: (path: FilePath) => Folder
  /** Reads a folder that is not shown yet. Never rejects. */
  readonly read: (path: FilePath) => Promise<Folder>
  /** All that is shown, anew. */
  readonly reload: () => void
}

interface TreeInput {
  readonly place: FilePlace
  readonly top: FilePath
  /** An open file, wherever: its folder is read too. */
  readonly file: FilePath | undefined
  readonly revision: string
}

/** Read as folders open; anew when the person comes back to the window, and when `revision` changes. */
export function useTree({ place, top, file, revision }: TreeInput): FileTree {
  const lists = useMemo(
    () => new FolderLists((path, signal) => call('files.list', at(place, path), signal)),
    [place],
  )
  const open = useOpenFolders(place)
  const version = useSyncExternalStore(lists.subscribe, lists.version)
  // The lists are one object for the place: their version tells that they know more.
  const shown = useMemo(
    () => (version >= 0 ? shownFolders(lists, top, open) : []),
    [lists, version, top, open],
  )
  const rows = useMemo(() => shown.flatMap((path) => rowsIn(lists, path)), [lists, shown])
  const wanted = useMemo(
    () => [...new Set([...shown, ...(file === undefined ? [] : [parentPath(file)])])],
    [shown, file],
  )
  useReading(lists, wanted)
  const reload = useReload(lists, wanted, revision)
  const folderAt = useCallback(
    (path: FilePath) => folderOf(lists, path),
    // A folder that is known better is another one.
    // oxlint-disable-next-line react/exhaustive-deps
    [lists, version],
  )
  const read = useCallback(
    async (path: FilePath) => {
      await lists.read([path])
      return folderOf(lists, path)
    },
    [lists],
  )
  return { top: folderAt(top), rows, open, folderAt, read, reload }
}

/** What comes into sight is read, also what was read before and may be another by now. */
function useReading(lists: FolderLists, wanted: readonly FilePath[]): void {
  const seen = useRef<{ readonly lists: FolderLists; readonly paths: ReadonlySet<FilePath> }>(undefined)
  useEffect(() => {
    const before = seen.current?.lists === lists ? seen.current.paths : new Set<FilePath>()
    seen.current = { lists, paths: new Set(wanted) }
    void lists.read(wanted.filter((path) => !before.has(path)))
  }, [lists, wanted])
  useEffect(
    () => () => {
      seen.current = undefined
      lists.close()
    },
    [lists],
  )
}

function useReload(lists: FolderLists, wanted: readonly FilePath[], revision: string): () => void {
  const now = useRef(wanted)
  useEffect(() => {
    now.current = wanted
  })
  const reload = useCallback(() => void lists.read(now.current), [lists])
  useEffect(() => {
    window.addEventListener('focus', reload)
    return () => window.removeEventListener('focus', reload)
  }, [reload])
  const seen = useRef(revision)
  useEffect(() => {
    if (seen.current === revision) return
    seen.current = revision
    reload()
  }, [revision, reload])
  return reload
}

const rowsIn = (lists: FolderLists, path: FilePath): readonly FileRow[] => {
  const listing = lists.get(path)
  return listing.state === 'ready' ? listing.rows : []
}

/** The top folder, then every open one that has a line of its own. */
function shownFolders(lists: FolderLists, top: FilePath, open: OpenFolders): readonly FilePath[] {
  const found = [top]
  // It grows while it is walked.
  for (const path of found)
    for (const row of rowsIn(lists, path))
      if (isThere(row) && isFolder(row.entry) && open.folders.has(row.path)) found.push(row.path)
  return found
}

const none: ReadonlySet<FileName> = new Set()

function folderOf(lists: FolderLists, path: FilePath): Folder {
  const listing = lists.get(path)
  return {
    path,
    listing,
    names: listing.state === 'ready' ? listing.names : none,
    canChange: listing.state === 'ready' && listing.list.isReadOnly !== true,
  }
}
