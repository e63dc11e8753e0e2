import {
  ClipboardCopy,
  Download,
  FolderInput,
  FolderOpen,
  PencilLine,
  ShieldCheck,
  Trash2,
} from 'lucide-react'
import { shownName, type FilePlace } from '../../../../shared/model/file-entry'
import type { Translate } from '../../../i18n'
import { isFolder, isThere, type Entered, type FileRow } from '../list/rows'
import type { MenuItem } from '../../../ui'
import type { FileDialog } from './dialog'
import { download } from './download'

export interface MenuContext {
  readonly t: Translate
  readonly place: FilePlace
  readonly canChange: boolean
  readonly onOpen: (row: FileRow) => void
  readonly onDialog: (dialog: FileDialog) => void
}

export const downloadRows = (place: FilePlace, rows: readonly Entered[]): Promise<void> =>
  download(
    place,
    rows.map(({ path, entry }) => ({ path, name: entry.name, isFolder: isFolder(entry) })),
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
    ...changeItems(context, there),
  ]
}

function downloadItem({ t, place }: MenuContext, there: readonly Entered[]): MenuItem {
  const wanted = there.filter(canDownload)
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

function changeItems(
  { t, canChange, onDialog }: MenuContext,
  there: readonly Entered[],
): readonly MenuItem[] {
  const [row] = there
  const isOne = there.length === 1
  const disabled = !canChange
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
      onSelect: () => onDialog({ kind: 'move', rows: there }),
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
      onSelect: () => onDialog({ kind: 'remove', rows: there }),
    },
  ]
}

const copyPaths = (rows: readonly FileRow[]): void =>
  void navigator.clipboard.writeText(rows.map(({ path }) => shownName(path)).join('\n'))
