import {
  childPath,
  shownName,
  type FileEntry,
  type FileList,
  type FilePath,
} from '../../../../shared/model/file-entry'

/** One line of a folder: what is there, or a name of the image that is there no more. */
export interface FileRow {
  readonly path: FilePath
  /** For eyes. */
  readonly name: string
  readonly entry?: FileEntry
}

export interface Entered extends FileRow {
  readonly entry: FileEntry
}

export const isThere = (row: FileRow): row is Entered => row.entry !== undefined

export function rowsOf(list: FileList, folder: FilePath): readonly FileRow[] {
  return [
    ...list.entries.map((entry) => ({
      path: childPath(folder, entry.name),
      name: shownName(entry.name),
      entry,
    })),
    ...list.removed.map((name) => ({ path: childPath(folder, name), name: shownName(name) })),
  ]
}

export function narrow(rows: readonly FileRow[], filter: string): readonly FileRow[] {
  const word = filter.trim().toLowerCase()
  return word === '' ? rows : rows.filter(({ name }) => name.toLowerCase().includes(word))
}

/** Leads to a folder, itself or by a link. */
export const isFolder = ({ kind, link }: FileEntry): boolean =>
  kind === 'folder' || (kind === 'link' && link?.kind === 'folder')
