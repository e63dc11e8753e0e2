import { useEffect, useMemo, useRef } from 'react'
import type { FileList, FilePath, FilePlace } from '../../../../shared/model/file-entry'
import { useCall, type CallState } from '../../../api'
import { at } from '../place'
import { rowsOf, type FileRow } from './rows'

export interface Folder {
  readonly path: FilePath
  readonly listed: CallState<FileList>
  readonly rows: readonly FileRow[]
  /** Every name that is there, for what is new. */
  readonly names: ReadonlySet<string>
  /** Told by core; until it has, what can be done is not offered. */
  readonly canChange: boolean
  readonly reload: () => void
}

const none: readonly FileRow[] = []

/** One folder. Read anew when the person comes back to the window, and when `revision` changes. */
export function useFolder(place: FilePlace, path: FilePath, revision: string): Folder {
  const listed = useCall('files.list', at(place, path))
  const { reload, value } = listed
  useEffect(() => {
    window.addEventListener('focus', reload)
    return () => window.removeEventListener('focus', reload)
  }, [reload])
  useOnChange(revision, reload)
  const rows = useMemo(() => (value ? rowsOf(value, path) : none), [value, path])
  const names = useMemo(() => new Set(value?.entries.map(({ name }) => name)), [value])
  return { path, listed, rows, names, canChange: value !== undefined && value.isReadOnly !== true, reload }
}

function useOnChange(revision: string, then: () => void): void {
  const seen = useRef(revision)
  useEffect(() => {
    if (seen.current === revision) return
    seen.current = revision
    then()
  }, [revision, then])
}
