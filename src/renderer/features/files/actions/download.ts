import type { FilePath, FilePlace } from '../../../../shared/model/file-entry'
import { shownName } from '../../../../shared/model/file-entry'
import { act } from '../../../api'
import { at } from '../place'

export interface Wanted {
  readonly path: FilePath
  readonly name: string
  readonly isFolder: boolean
}

/** Lets the browser fetch each: a file as it is, a folder as a tar. Nothing is held in the window's memory. */
export async function download(place: FilePlace, wanted: readonly Wanted[]): Promise<void> {
  for (const { path, name, isFolder } of wanted) {
    const prepared = await act('downloads.prepare', {
      what: isFolder ? 'folder' : 'file',
      ...at(place, path),
      name: `${shownName(name) || 'files'}${isFolder ? '.tar' : ''}`.slice(-255),
    })
    if (prepared) startDownload(prepared.ticket, prepared.name)
  }
}

function startDownload(ticket: string, name: string): void {
  const link = document.createElement('a')
  link.href = `/download/${ticket}`
  link.download = name
  link.click()
}
