import type { EngineId } from './ids'

/**
 * Names and paths of files are text that every name can be told in, without a flag: a backslash and each byte that
 * is no UTF-8 stand as `\xHH`; all other text stands for itself. Joined by `/` they stay true. `escapeName` makes one
 * of what a person typed, `shownName` is for eyes.
 */
export type FileName = string
export type FilePath = string

/** The files of one container, as its processes see them, or of one volume. */
export interface FilePlace {
  readonly engine: EngineId
  readonly root: { readonly kind: 'container' | 'volume'; readonly id: string }
}

/** `api`: through the Engine API: slower, and of kernel file systems and tmpfs it sees nothing. */
export type FileRoad = 'agent' | 'api'

export type FileKind = 'file' | 'folder' | 'link' | 'char' | 'block' | 'pipe' | 'socket' | 'unknown'

export interface FileMount {
  /** `kernel`: what stands for no file: /proc, /sys, /dev. `engine`: files that the engine made and put there. */
  readonly kind: 'volume' | 'bind' | 'tmpfs' | 'kernel' | 'engine'
  /** A volume's name, or a path on the engine's host. */
  readonly source?: string
  readonly isReadOnly?: boolean
}

/** One name in a folder. */
export interface FileEntry {
  readonly name: FileName
  /** The name has bytes that are no UTF-8. */
  readonly isEscaped?: boolean
  readonly kind: FileKind
  /** Of files; 0 for all else. */
  readonly sizeBytes: number
  /** Permission bits with setuid, setgid and sticky: 0o7777 at most. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Whole seconds, as both roads tell no more of a list. */
  readonly mtimeMs: number
  /** Of links. `kind` is of what it leads to inside the root; absent: nothing is there, or it was not looked at. */
  readonly link?: { readonly target: FilePath; readonly kind?: FileKind }
  readonly mount?: FileMount
  /** Against the container's image. A folder with changes inside is `changed`. Volumes have no image. */
  readonly change?: 'added' | 'changed'
}

export interface FileList {
  readonly road: FileRoad
  /** What the path led to, links resolved. */
  readonly path: FilePath
  readonly entries: readonly FileEntry[]
  /** Names of the image that the container has removed from this folder. */
  readonly removed: readonly FileName[]
  /** Not all is told: `count` there are more than the limit, `time` the Engine API was too slow to tell all. */
  readonly cut?: 'count' | 'time'
  /** How many there are, when that is known. */
  readonly total?: number
  /** Nothing can be changed here: a read-only mount or container, or a kernel file system. */
  readonly isReadOnly?: boolean
}

/** Names one state of a file: another one means that it was changed. Opaque. */
export type FileVersion = string

export interface FileStat {
  readonly road: FileRoad
  /** What the path led to, links resolved except for a last one. */
  readonly path: FilePath
  readonly entry: FileEntry
  readonly version: FileVersion
}

/** What removing would take. */
export interface FileRemovalPlan {
  readonly road: FileRoad
  readonly files: number
  readonly folders: number
  readonly sizeBytes: number
  /** Counting was cut short: there is more. */
  readonly isCut: boolean
  /** Mounts below it: they stop a removal, as they are not the container's own. */
  readonly mounts: readonly FilePath[]
}

export type FileReadItem =
  | {
      readonly kind: 'head'
      readonly road: FileRoad
      readonly entry: FileEntry
      readonly version: FileVersion
    }
  | Uint8Array

/** Newest of the search: found paths come once, counts grow. The last item has `isDone`. */
export interface FileFindItem {
  readonly road: FileRoad
  readonly found: readonly { readonly path: FilePath; readonly kind: FileKind; readonly sizeBytes: number }[]
  /** Names that were looked at so far. */
  readonly looked: number
  readonly isDone: boolean
  /** It ended before it had looked at everything. */
  readonly cut?: 'count' | 'time'
}

/** What to do with a name that is taken. Folders are merged always, but for `keep-both` at the top. */
export type FileConflict = 'fail' | 'replace' | 'skip' | 'keep-both'

/** What goes up: a folder, or a file followed by its bytes; paths are below the target folder. */
export type FileUploadInput =
  | { readonly kind: 'folder'; readonly path: FilePath }
  | { readonly kind: 'file'; readonly path: FilePath; readonly sizeBytes: number; readonly mode?: number }
  | { readonly kind: 'end' }
  | Uint8Array

export interface FileUploadDone {
  readonly kind: 'done'
  readonly road: FileRoad
  readonly files: number
  readonly sizeBytes: number
  /** At most the first hundred; `skippedCount` has all. */
  readonly skipped: readonly FilePath[]
  readonly skippedCount: number
}

const escapes = /\\x([0-9a-f]{2})/gi

/** What a person typed, as a name. A slash stays one: a name must have none, the door refuses it. */
export const escapeName = (typed: string): FileName => typed.replaceAll('\\', '\\x5c')

/** A name or path as a person would read it: bytes that are no UTF-8 stay escaped. */
export const shownName = (name: FileName): string =>
  name.replace(escapes, (whole, digits: string) => (digits.toLowerCase() === '5c' ? '\\' : whole))

/** A path with a name below it. */
export const childPath = (folder: FilePath, name: FileName): FilePath =>
  folder.endsWith('/') ? folder + name : `${folder}/${name}`

/** The folder that a path is in; of `/` itself. */
export const parentPath = (path: FilePath): FilePath => path.replace(/\/+[^/]*\/*$/, '') || '/'

/** The last part of a path; empty for `/`. */
export const baseName = (path: FilePath): FileName => /([^/]*)\/*$/.exec(path)?.[1] ?? ''
