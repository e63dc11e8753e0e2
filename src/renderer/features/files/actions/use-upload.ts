import { useRef, useState } from 'react'
import { isCode } from '../../../../shared/errors'
import {
  shownName,
  type FileConflict,
  type FilePath,
  type FilePlace,
} from '../../../../shared/model/file-entry'
import { translate } from '../../../i18n'
import { showToast } from '../../../store/toasts'
import { tellFailure } from '../file-errors'
import type { FileDialog } from './dialog'
import { upload, uploadName } from './upload'
import type { UploadTree } from './upload-tree'

export interface Uploads {
  /** What goes up now, by what a person calls it. */
  readonly going: readonly Going[]
  /** Asks first where names are taken. */
  begin(tree: UploadTree, folder: FilePath): void
  run(tree: UploadTree, folder: FilePath, conflict: FileConflict): void
}

export interface Going {
  readonly id: number
  readonly name: string
  readonly cancel: () => void
}

interface UploadsInput {
  readonly place: FilePlace
  /** What stands in a folder; where that cannot be told, nothing. */
  readonly namesIn: (folder: FilePath) => Promise<ReadonlySet<string>>
  readonly onDialog: (dialog: FileDialog) => void
  readonly onDone: (folder: FilePath) => void
}

export function useUpload(input: UploadsInput): Uploads {
  const { place, namesIn, onDialog, onDone } = input
  const [going, setGoing] = useState<readonly Going[]>([])
  const lastId = useRef(0)
  const run = async (tree: UploadTree, folder: FilePath, conflict: FileConflict): Promise<void> => {
    const controller = new AbortController()
    const id = ++lastId.current
    const name = shownName(uploadName(tree))
    setGoing((was) => [...was, { id, name, cancel: () => controller.abort() }])
    try {
      const done = await upload(place, { tree, folder, conflict }, controller.signal)
      tellDone(done, folder)
    } catch (error) {
      // Somebody else took a name after the folder was read.
      if (conflict === 'fail' && isCode(error, 'object.conflict'))
        onDialog({ kind: 'taken', folder, tree, taken: takenOf(error.facts['path'], tree) })
      else tellFailure(error, translate('files.upload.failed', { name }))
    } finally {
      setGoing((was) => was.filter((one) => one.id !== id))
      onDone(folder)
    }
  }
  const begin = async (tree: UploadTree, folder: FilePath): Promise<void> => {
    const names = await namesIn(folder)
    const taken = tree.tops.filter((name) => names.has(name))
    if (taken.length > 0) onDialog({ kind: 'taken', folder, tree, taken })
    else await run(tree, folder, 'fail')
  }
  return {
    going,
    run: (tree, folder, conflict) => void run(tree, folder, conflict),
    begin: (tree, folder) => {
      if (tree.parts.length === 0) {
        showToast({ tone: 'idle', title: translate('files.upload.nothing') })
        return
      }
      void begin(tree, folder)
    },
  }
}

const takenOf = (path: unknown, tree: UploadTree): readonly string[] =>
  typeof path === 'string' ? [path.split('/').findLast(Boolean) ?? path] : tree.tops.slice(0, 1)

function tellDone(done: Awaited<ReturnType<typeof upload>>, folder: FilePath): void {
  const files = translate('files.upload.names', { count: done.files })
  showToast({
    tone: 'ok',
    title: translate('files.upload.done', { files, path: shownName(folder) }),
    ...(done.skippedCount > 0 && { text: translate('files.upload.skipped', { count: done.skippedCount }) }),
  })
}
