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
import { fileErrorWords, tellWords } from '../file-errors'
import { movedPath } from '../list/open-folders'
import type { Entered } from '../list/rows'
import { draftOf, draftPaths, dropDraft, keepDraft } from '../open/drafts'
import { makeFile } from '../open/write-file'
import { at } from '../place'

/** What of it was done, and for each that failed why. */
export interface Outcome<T> {
  readonly done: readonly T[]
  readonly refusals: readonly Refusal[]
}

// None of these rejects, and each goes on when its dialog is closed: an agent does what it was asked for. `signal` ends
// what is still to come of several.

export function makeNew(
  place: FilePlace,
  what: 'new-file' | 'new-folder',
  given: { readonly folder: FilePath; readonly name: string },
): Promise<Outcome<{ readonly name: string }>> {
  const path = childPath(given.folder, escapeName(given.name))
  const words = what === 'new-file' ? 'files.newFile.failed' : 'files.newFolder.failed'
  return each([given], { words }, () =>
    what === 'new-file' ? makeFile(place, path) : call('files.makeFolder', at(place, path)),
  )
}

/** Unsaved changes go with the name, those of all files in a folder too. */
export const rename = (place: FilePlace, row: Entered, to: FilePath): Promise<Outcome<Entered>> =>
  each([row], { words: 'files.rename.failed' }, () => renamed(place, row.path, to))

async function renamed(place: FilePlace, from: FilePath, to: FilePath): Promise<void> {
  await call('files.rename', { ...at(place, from), to })
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
    renamed(place, path, childPath(folder, baseName(path))),
  )

export const setMode = (
  place: FilePlace,
  rows: readonly Entered[],
  { mode, signal }: { readonly mode: number; readonly signal: AbortSignal },
): Promise<Outcome<Entered>> =>
  each(rows, { words: 'files.permissions.failed', signal }, ({ path }) =>
    call('files.chmod', { ...at(place, path), mode }),
  )

export const remove = (place: FilePlace, rows: readonly Entered[]): Promise<Outcome<Entered>> =>
  each(rows, { words: 'files.remove.failed' }, ({ path }) => call('files.remove', at(place, path)))

type Words = 'newFile' | 'newFolder' | 'rename' | 'move' | 'permissions' | 'remove'

/** One after the other; what fails does not stop the rest. */
async function each<T extends { readonly name: string }>(
  rows: readonly T[],
  { words, signal }: { readonly words: `files.${Words}.failed`; readonly signal?: AbortSignal },
  what: (row: T) => Promise<unknown>,
): Promise<Outcome<T>> {
  const done: T[] = []
  const refusals: Refusal[] = []
  for (const row of rows) {
    if (signal?.aborted) break
    try {
      await what(row)
      done.push(row)
    } catch (error) {
      refusals.push(fileErrorWords(translate, toWire(error), translate(words, { name: row.name })))
    }
  }
  return { done, refusals }
}

/**
 * What the dialog that asked shows, to be mended and asked again: only where nothing was done. Beside what was done, and
 * once the dialog is gone, toasts tell it.
 */
export function refusalIn({ done, refusals }: Outcome<unknown>, signal?: AbortSignal): Refusal | undefined {
  const [first, ...others] = refusals
  if (first && done.length === 0 && signal && !signal.aborted) {
    if (others.length === 0) return first
    return { ...first, detail: others.map(({ title, text }) => `${title}. ${text}`).join(' ') }
  }
  refusals.forEach(tellWords)
  return undefined
}
