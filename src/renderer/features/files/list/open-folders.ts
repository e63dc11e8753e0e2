import { useCallback, useMemo } from 'react'
import type { FilePath, FilePlace } from '../../../../shared/model/file-entry'
import { readUi, useUi } from '../../../store/ui'
import { placeKey } from '../place'

/** Which folders are open, of the places that were looked at last: the newest first. */
type Kept = readonly { readonly place: string; readonly folders: readonly FilePath[] }[]

const uiKey = 'files.open'
const nothing: Kept = []
const placesKept = 10
const foldersKept = 200

export interface OpenFolders {
  readonly folders: ReadonlySet<FilePath>
  fold(folder: FilePath, expand: boolean): void
  /** A folder has another path now: what is open below it stays open. */
  moved(from: FilePath, to: FilePath): void
}

/** Remembered with the window: after a reload the same folders are open. */
export function useOpenFolders(place: FilePlace): OpenFolders {
  const key = placeKey(place)
  const [stored, store] = useUi<unknown>(uiKey, nothing)
  const folders = useMemo(() => new Set(foldersOf(stored, key)), [stored, key])
  const change = useCallback(
    (edit: (folders: readonly FilePath[]) => readonly FilePath[]) => {
      // Of now, not of the last drawing: several may be folded in one go.
      const kept = keptOf(readUi<unknown>(uiKey, nothing))
      const next = [...new Set(edit(foldersOf(kept, key)))].slice(-foldersKept)
      const others = kept.filter((one) => one.place !== key)
      store([...(next.length > 0 ? [{ place: key, folders: next }] : []), ...others].slice(0, placesKept))
    },
    [key, store],
  )
  return useMemo(
    () => ({
      folders,
      fold: (folder, expand) =>
        change((was) => [...was.filter((one) => one !== folder), ...(expand ? [folder] : [])]),
      moved: (from, to) => change((was) => was.map((one) => movedPath(one, from, to) ?? one)),
    }),
    [folders, change],
  )
}

/** Where a path went when `from` became `to`; `undefined`: it is not below it. */
export const movedPath = (path: FilePath, from: FilePath, to: FilePath): FilePath | undefined =>
  path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : undefined

const foldersOf = (stored: unknown, place: string): readonly FilePath[] =>
  keptOf(stored).find((one) => one.place === place)?.folders ?? []

/** It comes from a file: what has another shape is nothing. */
const keptOf = (stored: unknown): Kept => (Array.isArray(stored) ? stored.filter(isKept) : nothing)

const isKept = (value: unknown): value is Kept[number] =>
  typeof value === 'object' &&
  value !== null &&
  'place' in value &&
  'folders' in value &&
  Array.isArray(value.folders) &&
  value.folders.every((folder) => typeof folder === 'string')
