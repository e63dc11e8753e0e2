import { Cable, File, FileQuestion, FileSymlink, FileX, Folder, FolderSymlink, HardDrive } from 'lucide-react'
import type { ReactNode } from 'react'
import type { FileEntry, FileKind } from '../../../../shared/model/file-entry'
import { useT } from '../../../i18n'

const icons = {
  file: File,
  folder: Folder,
  link: FileSymlink,
  char: HardDrive,
  block: HardDrive,
  pipe: Cable,
  socket: Cable,
  unknown: FileQuestion,
} satisfies Record<FileKind, unknown>

/** What a line is, with its word for who does not see the picture. Without an entry: it was removed. */
export function FileIcon({ entry }: { readonly entry: FileEntry | undefined }): ReactNode {
  const t = useT()
  if (!entry) return <FileX className="files__icon" role="img" aria-label={t('files.change.removed')} />
  const Icon = entry.link?.kind === 'folder' ? FolderSymlink : icons[entry.kind]
  const isFolder = Icon === Folder || Icon === FolderSymlink
  return (
    <Icon
      className={isFolder ? 'files__icon files__icon--folder' : 'files__icon'}
      role="img"
      aria-label={t(`files.kind.${entry.kind}`)}
    />
  )
}
