import {
  baseName,
  childPath,
  escapeName,
  type FilePath,
  type FilePlace,
} from '../../../../shared/model/file-entry'
import { toWire } from '../../../../shared/errors'
import { call } from '../../../api'
import { translate } from '../../../i18n'
import type { Refusal } from '../../../ui'
import { fileErrorWords, tellFailure } from '../file-errors'
import { movedPath } from '../list/open-folders'
import type { Entered } from '../list/rows'
import { draftOf, draftPaths, dropDraft, keepDraft } from '../open/drafts'
import { makeFile } from '../open/write-file'
import { at } from '../place'

/** What of it was done. `refusal`: nothing was, and why; the dialog that asked can be mended and ask again. */
export interface Outcome<T> {
  readonly done: readonly T[]
  readonly refusal?: Refusal
}

// None of these rejects. What fails once its dialog is gone (`signal`), or beside what was done, a toast tells.

export function makeNew(
  place: FilePlace,
  what: 'new-file' | 'new-folder',
  given: { readonly folder: FilePath; readonly name: string; readonly signal: AbortSignal },
): Promise<Outcome<object>> {
  const path = childPath(given.folder, escapeName(given.name))
  const words = what === 'new-file' ? 'files.newFile.failed' : 'files.newFolder.failed'
  return each([given], { words, signal: given.signal }, (_, signal) =>
    what === 'new-file' ? makeFile(place, path) : call('files.makeFolder', at(place, path), signal),
  )
}

/** Unsaved changes go with the name, those of all files in a folder too. */
export const rename = (
  place: FilePlace,
  row: Entered,
  { to, signal }: { readonly to: FilePath; readonly signal: AbortSignal },
): Promise<Outcome<Entered>> =>
  each([row], { words: 'files.rename.failed', signal }, () => renamed(place, { from: row.path, to, signal }))

async function renamed(
  place: FilePlace,
  { from, to, signal }: { readonly from: FilePath; readonly to: FilePath; readonly signal: AbortSignal },
): Promise<void> {
  await call('files.rename', { ...at(place, from), to }, signal)
  for (const path of draftPaths(place)) {
    const [draft, moved] = [draftOf(place, path), movedPath(path, from, to)]
    if (!draft || moved === undefined) continue
    keepDraft(place, moved, draft)
    dropDraft(place, path)
  }
}

export const move = (
  place: FilePlace,
  rows: readonly Entered[],
  { folder, signal }: { readonly folder: FilePath; readonly signal: AbortSignal },
): Promise<Outcome<Entered>> =>
  each(rows, { words: 'files.move.failed', signal }, ({ path }) =>
    renamed(place, { from: path, to: childPath(folder, baseName(path)), signal }),
  )

export const setMode = (
  place: FilePlace,
  rows: readonly Entered[],
  { mode, signal }: { readonly mode: number; readonly signal: AbortSignal },
): Promise<Outcome<Entered>> =>
  each(rows, { words: 'files.permissions.failed', signal }, ({ path }) =>
    call('files.chmod', { ...at(place, path), mode }, signal),
  )

export const remove = (
  place: FilePlace,
  rows: readonly Entered[],
  signal: AbortSignal,
): Promise<Outcome<Entered>> =>
  each(rows, { words: 'files.remove.failed', signal }, ({ path }) =>
    call('files.remove', at(place, path), signal),
  )

type Words = 'newFile' | 'newFolder' | 'rename' | 'move' | 'permissions' | 'remove'

/** One after the other, until it is called off; what fails does not stop the rest. */
async function each<T extends { readonly name: string }>(
  rows: readonly T[],
  { words, signal }: { readonly words: `files.${Words}.failed`; readonly signal: AbortSignal },
  what: (row: T, signal: AbortSignal) => Promise<unknown>,
): Promise<Outcome<T>> {
  const done: T[] = []
  const failed: { readonly error: unknown; readonly title: string }[] = []
  for (const row of rows) {
    if (signal.aborted) break
    try {
      await what(row, signal)
      done.push(row)
    } catch (error) {
      failed.push({ error, title: translate(words, { name: row.name }) })
    }
  }
  const [first] = failed
  if (first && done.length === 0 && !signal.aborted)
    return { done, refusal: fileErrorWords(translate, toWire(first.error), first.title) }
  for (const { error, title } of failed) tellFailure(error, title)
  return { done }
}
