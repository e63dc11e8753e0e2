import { FilePlus2, FolderPlus, Plus, RefreshCw, Search as SearchIcon, Upload } from 'lucide-react'
import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import type { FilePath } from '../../../../shared/model/file-entry'
import { useT } from '../../../i18n'
import { Button, IconButton, isEnterInField, Menu, SearchField, Toolbar } from '../../../ui'
import type { FileDialog } from '../actions/dialog'
import { treeOfFiles } from '../actions/upload-tree'
import type { Uploads } from '../actions/use-upload'
import type { FileTree } from './use-tree'

interface FilesToolbarProps {
  readonly tree: FileTree
  readonly filter: string
  readonly onFilter: (text: string) => void
  /** Below the folder, by what stands in the filter. */
  readonly onFind: (name: string) => void
  readonly onDialog: (dialog: FileDialog) => void
  readonly uploads: Uploads
  /** The way to the folder. */
  readonly children: ReactNode
}

export function FilesToolbar(props: FilesToolbarProps): ReactNode {
  const t = useT()
  const { tree, filter, onFilter, onFind, onDialog } = props
  const { path: folder, canChange } = tree.top
  const name = filter.trim()
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isEnterInField(event) && name !== '') onFind(name)
  }
  return (
    <Toolbar label={t('files.list')}>
      {props.children}
      <span className="toolbar__space" />
      <SearchField
        label={t('files.filter')}
        value={filter}
        onChange={onFilter}
        onKeyDown={onKeyDown}
        width={140}
      />
      <IconButton
        label={t('files.find.below')}
        icon={<SearchIcon />}
        disabled={name === ''}
        onClick={() => onFind(name)}
      />
      <Menu
        align="end"
        trigger={
          <Button icon={<Plus aria-hidden="true" />} disabled={!canChange}>
            {t('files.action.new')}
          </Button>
        }
        items={[
          {
            label: t('files.action.newFile'),
            icon: <FilePlus2 />,
            onSelect: () => onDialog({ kind: 'new-file', folder }),
          },
          {
            label: t('files.action.newFolder'),
            icon: <FolderPlus />,
            onSelect: () => onDialog({ kind: 'new-folder', folder }),
          },
        ]}
      />
      <UploadMenu uploads={props.uploads} folder={folder} disabled={!canChange} />
      <IconButton label={t('files.refresh')} icon={<RefreshCw />} onClick={tree.reload} />
    </Toolbar>
  )
}

// Known to every browser, and to no type of React.
const wholeFolders = { webkitdirectory: '' } as object

interface UploadMenuProps {
  readonly uploads: Uploads
  readonly folder: FilePath
  readonly disabled: boolean
}

function UploadMenu({ uploads, folder, disabled }: UploadMenuProps): ReactNode {
  const t = useT()
  const [files, whole] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)]
  const take = (field: HTMLInputElement): void => {
    const chosen = [...(field.files ?? [])]
    // The same file chosen again must be told again.
    field.value = ''
    if (chosen.length > 0) uploads.begin(treeOfFiles(chosen), folder)
  }
  const shared = { type: 'file', hidden: true, multiple: true } as const
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button icon={<Upload aria-hidden="true" />} disabled={disabled}>
            {t('files.action.upload')}
          </Button>
        }
        items={[
          { label: t('files.action.uploadFiles'), onSelect: () => files.current?.click() },
          { label: t('files.action.uploadFolder'), onSelect: () => whole.current?.click() },
        ]}
      />
      <input {...shared} ref={files} data-upload="files" onChange={({ target }) => take(target)} />
      <input
        {...shared}
        ref={whole}
        data-upload="folder"
        {...wholeFolders}
        onChange={({ target }) => take(target)}
      />
    </>
  )
}
