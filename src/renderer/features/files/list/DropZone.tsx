import { useRef, useState, type DragEvent, type ReactNode } from 'react'
import { shownName } from '../../../../shared/model/file-entry'
import { translate, useT } from '../../../i18n'
import { tellFailure } from '../file-errors'
import { treeOfDrop } from '../actions/upload-tree'
import type { Uploads } from '../actions/use-upload'
import type { Folder } from './use-folder'

interface DropZoneProps {
  readonly folder: Folder
  readonly uploads: Uploads
  readonly children: ReactNode
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files')

/** Files and folders of this computer dropped on it go up into the folder. */
export function DropZone({ folder, uploads, children }: DropZoneProps): ReactNode {
  const t = useT()
  // Each element below tells its own entering and leaving.
  const depth = useRef(0)
  const [isOver, setIsOver] = useState(false)
  const enter = (event: DragEvent, by: 1 | -1): void => {
    if (!hasFiles(event)) return
    depth.current = Math.max(0, depth.current + by)
    setIsOver(depth.current > 0)
  }
  const onDragOver = (event: DragEvent): void => {
    if (!hasFiles(event)) return
    // Also where nothing can be put: else the browser would leave the page for the file.
    event.preventDefault()
    event.dataTransfer.dropEffect = folder.canChange ? 'copy' : 'none'
  }
  const onDrop = (event: DragEvent): void => {
    if (!hasFiles(event)) return
    event.preventDefault()
    depth.current = 0
    setIsOver(false)
    if (!folder.canChange) return
    const name = event.dataTransfer.files[0]?.name ?? ''
    treeOfDrop(event.dataTransfer.items).then(
      (tree) => uploads.begin(tree),
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
      {isOver && (
        <div className="files__drop" role="status">
          {folder.canChange ? t('files.drop', { path: shownName(folder.path) }) : t('files.dropReadOnly')}
        </div>
      )}
    </div>
  )
}
