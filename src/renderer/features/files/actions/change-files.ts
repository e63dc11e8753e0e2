import {
  baseName,
  childPath,
  escapeName,
  type FilePath,
  type FilePlace,
} from '../../../../shared/model/file-entry'
import { call } from '../../../api'
import { translate } from '../../../i18n'
import { tellFailure } from '../file-errors'
import { movedPath } from '../list/open-folders'
import type { Entered } from '../list/rows'
import { draftOf, draftPaths, dropDraft, keepDraft } from '../open/drafts'
import { makeFile } from '../open/write-file'
import { at } from '../place'

/** Each tells its own failure and answers whether all of it worked; none rejects. */

export function makeNew(
  place: FilePlace,
  what: 'new-file' | 'new-folder',
  given: { readonly folder: FilePath; readonly name: string },
): Promise<boolean> {
  const path = childPath(given.folder, escapeName(given.name))
  const words = what === 'new-file' ? 'files.newFile.failed' : 'files.newFolder.failed'
  return told(translate(words, { name: given.name }), () =>
    what === 'new-file' ? makeFile(place, path) : call('files.makeFolder', at(place, path)),
  )
}

/** Unsaved changes go with the name, those of all files in a folder too. */
export function rename(place: FilePlace, row: Entered, to: FilePath): Promise<boolean> {
  return told(translate('files.rename.failed', { name: row.name }), () => renamed(place, row.path, to))
}

async function renamed(place: FilePlace, from: FilePath, to: FilePath): Promise<void> {
  await call('files.rename', { ...at(place, from), to })
  for (const path of draftPaths(place)) {
    const [draft, moved] = [draftOf(place, path), movedPath(path, from, to)]
    if (!draft || moved === undefined) continue
    keepDraft(place, moved, draft)
    dropDraft(place, path)
  }
}

export const move = (place: FilePlace, rows: readonly Entered[], folder: FilePath): Promise<boolean> =>
  eachTold(rows, 'files.move.failed', ({ path }) => renamed(place, path, childPath(folder, baseName(path))))

export const setMode = (place: FilePlace, rows: readonly Entered[], mode: number): Promise<boolean> =>
  eachTold(rows, 'files.permissions.failed', ({ path }) => call('files.chmod', { ...at(place, path), mode }))

export const remove = (place: FilePlace, rows: readonly Entered[]): Promise<boolean> =>
  eachTold(rows, 'files.remove.failed', ({ path }) => call('files.remove', at(place, path)))

/** One after the other; what fails does not stop the rest. */
async function eachTold(
  rows: readonly Entered[],
  words: 'files.move.failed' | 'files.permissions.failed' | 'files.remove.failed',
  what: (row: Entered) => Promise<unknown>,
): Promise<boolean> {
  let isAll = true
  for (const row of rows) {
    const isDone = await told(translate(words, { name: row.name }), () => what(row))
    isAll &&= isDone
  }
  return isAll
}

async function told(title: string, what: () => Promise<unknown>): Promise<boolean> {
  try {
    await what()
    return true
  } catch (error) {
    tellFailure(error, title)
    return false
  }
}
