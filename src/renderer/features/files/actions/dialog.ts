import type { FilePath } from '../../../../shared/model/file-entry'
import type { Entered } from '../list/rows'
import type { UploadTree } from './upload-tree'

/** What is asked now. */
export type FileDialog =
  | { readonly kind: 'new-file' | 'new-folder'; readonly folder: FilePath }
  | { readonly kind: 'rename'; readonly row: Entered }
  | { readonly kind: 'move' | 'permissions' | 'remove'; readonly rows: readonly Entered[] }
  | {
      readonly kind: 'taken'
      readonly folder: FilePath
      readonly tree: UploadTree
      readonly taken: readonly string[]
    }
