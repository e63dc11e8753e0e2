import {
  childPath,
  parentPath,
  shownName,
  type FileEntry,
  type FileList,
  type FilePath,
} from '../../../../shared/model/file-entry'

/** One line of a folder: what is there, or a name of the image that is there no more. */
export interface FileRow {
  readonly path: FilePath
  /** Where it lies, as it was come to: through links, too. */
  readonly folder: FilePath
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
      folder,
      name: shownName(entry.name),
      entry,
    })),
    ...list.removed.map((name) => ({ path: childPath(folder, name), folder, name: shownName(name) })),
  ]
}

/** Those whose name holds the text, and the open folders that they are in. */
export function narrow(rows: readonly FileRow[], filter: string): readonly FileRow[] {
  const word = filter.trim().toLowerCase()
  if (word === '') return rows
  const folderOf = new Map(rows.map(({ path, folder }) => [path, folder]))
  const kept = new Set<FilePath>()
  for (const { path, name } of rows) {
    if (!name.toLowerCase().includes(word)) continue
    for (let at: FilePath | undefined = path; at !== undefined && !kept.has(at); at = folderOf.get(at))
      kept.add(at)
  }
  return rows.filter(({ path }) => kept.has(path))
}

/** Without what lies in a folder that is among them: it goes wherever the folder goes. A link goes alone. */
export function outermost<R extends FileRow>(rows: readonly R[]): readonly R[] {
  const paths = new Set(rows.flatMap(({ path, entry }) => (entry?.kind === 'folder' ? [path] : [])))
  return rows.filter(({ folder }) => {
    for (let at = folder; at !== '/'; at = parentPath(at)) if (paths.has(at)) return false
    return true
  })
}

/** Leads to a folder, itself or by a link. */
export const isFolder = ({ kind, link }: FileEntry): boolean =>
  kind === 'folder' || (kind === 'link' && link?.kind === 'folder')
