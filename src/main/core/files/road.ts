import type {
  FileConflict,
  FileFindItem,
  FileList,
  FilePath,
  FileReadItem,
  FileRemovalPlan,
  FileRoad,
  FileStat,
  FileUploadDone,
  FileUploadInput,
  FileVersion,
} from '../../../shared/model'
import type { KnownRoot } from './known-root'

/** A path of a root, as one road is asked for it. */
export interface At {
  readonly root: KnownRoot
  readonly path: FilePath
  readonly signal: AbortSignal
}

export interface FileRange {
  readonly offset: number
  readonly length?: number | undefined
}

export interface FileWrite {
  readonly version?: FileVersion | undefined
  readonly input: AsyncIterable<Uint8Array | { readonly kind: 'end' }>
}

export interface FileUpload {
  readonly conflict: FileConflict
  readonly input: AsyncIterable<FileUploadInput>
  readonly onBytes: (count: number) => void
}

/** What each of the two roads can do. Marks of mounts and changes are added above. */
export interface FilesRoad {
  readonly road: FileRoad
  list(at: At, limit: number): Promise<FileList>
  stat(at: At): Promise<FileStat>
  read(at: At, range: FileRange): AsyncGenerator<FileReadItem>
  find(at: At, asked: { readonly name: string; readonly limit: number }): AsyncGenerator<FileFindItem>
  removalPlan(at: At): Promise<FileRemovalPlan>
  makeFolder(at: At): Promise<void>
  rename(at: At, to: FilePath): Promise<void>
  remove(at: At): Promise<number>
  chmod(at: At, mode: number): Promise<void>
  write(at: At, write: FileWrite): Promise<FileVersion>
  upload(at: At, upload: FileUpload): Promise<FileUploadDone>
  tar(at: At): AsyncGenerator<Uint8Array>
}
