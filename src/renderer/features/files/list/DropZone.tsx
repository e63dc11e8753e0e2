import { useRef, useState, type DragEvent, type ReactNode } from 'react'
import { shownName, type FilePath } from '../../../../shared/model/file-entry'
import { translate, useT } from '../../../i18n'
import { tellFailure } from '../file-errors'
import { treeOfDrop } from '../actions/upload-tree'
import type { Uploads } from '../actions/use-upload'
import { isFolder, isThere } from './rows'
import type { FileTree } from './use-tree'

interface DropZoneProps {
  readonly tree: FileTree
  readonly uploads: Uploads
  readonly children: ReactNode
}

/** Where a drop would go, and what is framed: the line of that folder, or the whole of the list. */
interface Target {
  readonly folder: FilePath
  readonly line?: { readonly top: number; readonly height: number }
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files')

/** Files and folders of this computer dropped on it go up: into the folder under the pointer, else into the top one. */
export function DropZone({ tree, uploads, children }: DropZoneProps): ReactNode {
  // Each element below tells its own entering and leaving.
  const depth = useRef(0)
  const [target, setTarget] = useState<Target>()
  const enter = (event: DragEvent<HTMLElement>, by: 1 | -1): void => {
    if (!hasFiles(event)) return
    depth.current = Math.max(0, depth.current + by)
    if (depth.current === 0) setTarget(undefined)
    else if (by === 1) setTarget(targetOf(event, tree))
  }
  const onDragOver = (event: DragEvent<HTMLElement>): void => {
    if (!hasFiles(event)) return
    // Also where nothing can be put: else the browser would leave the page for the file.
    event.preventDefault()
    const { folder, line } = targetOf(event, tree)
    event.dataTransfer.dropEffect = canPut(tree, folder) ? 'copy' : 'none'
    // The list scrolls under a pointer that stands still.
    if (target?.folder !== folder || target.line?.top !== line?.top) setTarget(targetOf(event, tree))
  }
  const onDrop = (event: DragEvent<HTMLElement>): void => {
    if (!hasFiles(event)) return
    event.preventDefault()
    depth.current = 0
    setTarget(undefined)
    const { folder } = targetOf(event, tree)
    if (!canPut(tree, folder)) return
    const name = event.dataTransfer.files[0]?.name ?? ''
    treeOfDrop(event.dataTransfer.items).then(
      (dropped) => uploads.begin(dropped, folder),
      (error: unknown) => tellFailure(error, translate('files.upload.failed', { name })),
    )
  }
  return (
    <div
      className="files__drop-zone"
      onDragEnter={(event) => enter(event, 1)}
      onDragLeave={(event) => enter(event, -1)}
      onDragOver={onDragOver}
      onDrop={onDrop}
    >
      {children}
      {target && <Dropping target={target} canPut={canPut(tree, target.folder)} />}
    </div>
  )
}

function Dropping({ target, canPut }: { readonly target: Target; readonly canPut: boolean }): ReactNode {
  const t = useT()
  const { folder, line } = target
  return (
    <>
      <div className="files__drop" style={line && { ...line, bottom: 'auto' }} />
      <div className="files__drop-words" role="status">
        {canPut ? t('files.drop', { path: shownName(folder) }) : t('files.dropReadOnly')}
      </div>
    </>
  )
}

/** A folder that was not read yet may take it: core says so, or why not. */
function canPut(tree: FileTree, folder: FilePath): boolean {
  const { canChange, listing } = tree.folderAt(folder)
  return canChange || (listing.state === 'loading' && folder !== tree.top.path)
}

function targetOf(event: DragEvent<HTMLElement>, tree: FileTree): Target {
  const path = event.target instanceof Element ? keyOf(event.target.closest('[data-key]')) : undefined
  const row = path === undefined ? undefined : tree.rows.find((one) => one.path === path)
  const folder = !row ? tree.top.path : isThere(row) && isFolder(row.entry) ? row.path : row.folder
  if (folder === tree.top.path) return { folder }
  const zone = event.currentTarget
  const line = [...zone.querySelectorAll('[data-key]')].find((one) => keyOf(one) === folder)
  if (!line) return { folder }
  const { top, height } = line.getBoundingClientRect()
  return { folder, line: { top: top - zone.getBoundingClientRect().top, height } }
}

const keyOf = (element: Element | null): string | undefined => element?.getAttribute('data-key') ?? undefined
