import {
  ClipboardCopy,
  Download,
  FilePlus2,
  FolderInput,
  FolderOpen,
  FolderPlus,
  PencilLine,
  ShieldCheck,
  Trash2,
} from 'lucide-react'
import { shownName, type FilePath, type FilePlace } from '../../../../shared/model/file-entry'
import type { Translate } from '../../../i18n'
import { copyText } from '../../../objects/copy-text'
import { isFolder, isThere, outermost, type Entered, type FileRow } from '../list/rows'
import type { MenuItem } from '../../../ui'
import type { FileDialog } from './dialog'
import { download } from './download'

export interface MenuContext {
  readonly t: Translate
  readonly place: FilePlace
  /** Whether things can be changed, made and removed in this folder. */
  readonly canChangeIn: (folder: FilePath) => boolean
  readonly onOpen: (row: FileRow) => void
  /** Opens a folder in its place. */
  readonly onUnfold: (folder: FilePath) => void
  readonly onDialog: (dialog: FileDialog) => void
}

export const downloadRows = (place: FilePlace, rows: readonly Entered[]): Promise<void> =>
  download(
    place,
    outermost(rows).map(({ path, entry }) => ({ path, name: entry.name, isFolder: isFolder(entry) })),
  )

/** Special files have no bytes to send. */
export const canDownload = ({ entry }: Entered): boolean =>
  isFolder(entry) || entry.kind === 'file' || entry.link?.kind === 'file'

/** What can be done with these lines: of many, what goes for all of them. */
export function fileMenu(context: MenuContext, rows: readonly FileRow[]): readonly MenuItem[] {
  const { t } = context
  const there = rows.filter(isThere)
  const [row] = there
  const copy: MenuItem = {
    label: t('files.action.copyPath'),
    icon: <ClipboardCopy />,
    onSelect: () => copyPaths(rows),
  }
  if (!row) return rows.length > 0 ? [copy] : []
  const isOne = there.length === 1
  const open: MenuItem = {
    label: t('files.action.open'),
    icon: <FolderOpen />,
    shortcut: 'Enter',
    onSelect: () => context.onOpen(row),
  }
  return [
    ...(isOne ? [open] : []),
    downloadItem(context, there),
    copy,
    'separator',
    ...(isOne && isFolder(row.entry) ? newItems(context, row) : []),
    ...changeItems(context, there),
  ]
}

function downloadItem({ t, place }: MenuContext, there: readonly Entered[]): MenuItem {
  const wanted = outermost(there).filter(canDownload)
  const [row] = wanted
  const label =
    wanted.length > 1
      ? t('files.action.downloadMany', { count: wanted.length })
      : t(row && isFolder(row.entry) ? 'files.action.downloadTar' : 'files.action.download')
  return {
    label,
    icon: <Download />,
    disabled: wanted.length === 0,
    onSelect: () => void downloadRows(place, wanted),
  }
}

/** What is made in a folder is seen there: it opens. */
function newItems({ t, onUnfold, onDialog }: MenuContext, { path }: Entered): readonly MenuItem[] {
  const make = (kind: 'new-file' | 'new-folder') => (): void => {
    onUnfold(path)
    onDialog({ kind, folder: path })
  }
  return [
    { label: t('files.action.newFileIn'), icon: <FilePlus2 />, onSelect: make('new-file') },
    { label: t('files.action.newFolderIn'), icon: <FolderPlus />, onSelect: make('new-folder') },
    'separator',
  ]
}

/** All of them lie where things can be changed. */
export const canChangeAll = ({ canChangeIn }: MenuContext, rows: readonly Entered[]): boolean =>
  [...new Set(rows.map(({ folder }) => folder))].every(canChangeIn)

function changeItems(context: MenuContext, there: readonly Entered[]): readonly MenuItem[] {
  const [row] = there
  const isOne = there.length === 1
  const { t, onDialog } = context
  const disabled = !canChangeAll(context, there)
  return [
    ...(row && isOne
      ? [
          {
            label: t('files.action.rename'),
            icon: <PencilLine />,
            shortcut: 'F2',
            disabled,
            onSelect: () => onDialog({ kind: 'rename', row }),
          },
        ]
      : []),
    {
      label: t('files.action.move'),
      icon: <FolderInput />,
      disabled,
      onSelect: () => onDialog({ kind: 'move', rows: outermost(there) }),
    },
    {
      label: t('files.action.permissions'),
      icon: <ShieldCheck />,
      disabled,
      onSelect: () => onDialog({ kind: 'permissions', rows: there }),
    },
    'separator',
    {
      label: isOne ? t('files.action.delete') : t('files.action.deleteMany', { count: there.length }),
      icon: <Trash2 />,
      shortcut: 'Del',
      danger: true,
      disabled,
      onSelect: () => onDialog({ kind: 'remove', rows: outermost(there) }),
    },
  ]
}

const copyPaths = (rows: readonly FileRow[]): void =>
  void copyText(rows.map(({ path }) => shownName(path)).join('\n'))
