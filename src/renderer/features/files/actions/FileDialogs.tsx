import type { ReactNode } from 'react'
import { childPath, escapeName, type FilePath, type FilePlace } from '../../../../shared/model/file-entry'
import { useT } from '../../../i18n'
import type { Entered } from '../list/rows'
import type { FileTree } from '../list/use-tree'
import type { Refusal } from '../../../ui'
import { makeNew, move, refusalIn, remove, rename, setMode, type Outcome } from './change-files'
import type { FileDialog } from './dialog'
import { MoveDialog } from './MoveDialog'
import { NameDialog } from './NameDialog'
import { PermissionsDialog } from './PermissionsDialog'
import { RemoveDialog } from './RemoveDialog'
import { TakenDialog } from './TakenDialog'
import type { Uploads } from './use-upload'

export interface FileDialogsProps {
  readonly dialog: FileDialog | undefined
  readonly place: FilePlace
  readonly tree: FileTree
  readonly uploads: Uploads
  readonly onClose: () => void
  /** Paths that are no more under their old names, and where they went. */
  readonly onGone: (paths: readonly FilePath[], to?: FilePath) => void
  /** A new file was made. */
  readonly onMade: (path: FilePath) => void
}

export function FileDialogs(props: FileDialogsProps): ReactNode {
  const { dialog, uploads, onClose } = props
  switch (dialog?.kind) {
    case undefined:
      return null
    case 'new-file':
    case 'new-folder':
      return <NewDialog {...props} what={dialog.kind} folder={dialog.folder} />
    case 'rename':
    case 'move':
    case 'permissions':
    case 'remove':
      return <ChangeDialog {...props} dialog={dialog} />
    case 'taken':
      return (
        <TakenDialog
          folder={dialog.folder}
          taken={dialog.taken}
          onClose={onClose}
          onChoice={(conflict) => uploads.run(dialog.tree, dialog.folder, conflict)}
        />
      )
  }
}

interface NewDialogProps extends FileDialogsProps {
  readonly what: 'new-file' | 'new-folder'
  readonly folder: FilePath
}

function NewDialog(props: NewDialogProps): ReactNode {
  const t = useT()
  const { what, place, tree, folder, onClose, onMade } = props
  const words = what === 'new-file' ? 'files.newFile' : 'files.newFolder'
  const make = async (name: string, signal: AbortSignal): Promise<Refusal | undefined> => {
    const outcome = await makeNew(place, what, { folder, name })
    tree.reload()
    const isMade = outcome.done.length > 0 && !signal.aborted
    if (isMade && what === 'new-file') onMade(childPath(folder, escapeName(name)))
    return refusalIn(outcome, signal)
  }
  return (
    <NameDialog
      title={t(`${words}.title`)}
      label={t(`${words}.name`)}
      confirmLabel={t(`${words}.confirm`)}
      name=""
      taken={tree.folderAt(folder).names}
      onName={make}
      onClose={onClose}
    />
  )
}

type Change = Extract<FileDialog, { kind: 'rename' | 'move' | 'permissions' | 'remove' }>

function ChangeDialog(props: FileDialogsProps & { readonly dialog: Change }): ReactNode {
  const t = useT()
  const { dialog, place, tree, onClose, onGone } = props
  const after = async (
    what: Promise<Outcome<Entered>>,
    { to, signal }: { readonly to?: FilePath; readonly signal?: AbortSignal },
  ): Promise<Refusal | undefined> => {
    const outcome = await what
    const paths = outcome.done.map(({ path }) => path)
    if (paths.length > 0 && dialog.kind !== 'permissions') onGone(paths, to)
    tree.reload()
    return refusalIn(outcome, signal)
  }
  if (dialog.kind === 'rename') {
    const { row } = dialog
    const toPath = (name: string): FilePath => childPath(row.folder, escapeName(name))
    return (
      <NameDialog
        title={t('files.rename.title')}
        label={t('files.rename.name')}
        confirmLabel={t('files.rename.confirm')}
        name={row.name}
        taken={tree.folderAt(row.folder).names}
        onName={(name, signal) => {
          const to = toPath(name)
          return after(rename(place, row, to), { to, signal })
        }}
        onClose={onClose}
      />
    )
  }
  const { rows } = dialog
  switch (dialog.kind) {
    case 'move':
      return (
        <MoveDialog
          rows={rows}
          onMove={(folder, signal) => after(move(place, rows, { folder, signal }), { signal })}
          onClose={onClose}
        />
      )
    case 'permissions':
      return (
        <PermissionsDialog
          rows={rows}
          onMode={(mode, signal) => after(setMode(place, rows, { mode, signal }), { signal })}
          onClose={onClose}
        />
      )
    case 'remove':
      return (
        <RemoveDialog
          place={place}
          rows={rows}
          // It may last, and nothing is entered that a refusal could cost.
          onRemove={() => void after(remove(place, rows), {})}
          onClose={onClose}
        />
      )
  }
}
