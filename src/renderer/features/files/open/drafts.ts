import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { FilePath, FilePlace, FileVersion } from '../../../../shared/model/file-entry'
import { placeKey } from '../place'

/** A text that was changed and not saved. It outlives the page, so that going elsewhere loses nothing. */
export interface Draft {
  /** The state of the file that the changes were made upon. */
  readonly version: FileVersion
  readonly read: () => string
}

type Drafts = ReadonlyMap<string, Draft>
const draftStore = createStore<{ readonly drafts: Drafts }>(() => ({ drafts: new Map() }))

const keyOf = (place: FilePlace, path: FilePath): string => `${placeKey(place)} ${path}`

export const draftOf = (place: FilePlace, path: FilePath): Draft | undefined =>
  draftStore.getState().drafts.get(keyOf(place, path))

export const useHasDraft = (place: FilePlace, path: FilePath): boolean =>
  useStore(draftStore, ({ drafts }) => drafts.has(keyOf(place, path)))

const pathsIn = (drafts: Drafts, place: FilePlace): readonly FilePath[] => {
  const prefix = keyOf(place, '')
  return [...drafts.keys()].flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []))
}

export const draftPaths = (place: FilePlace): readonly FilePath[] =>
  pathsIn(draftStore.getState().drafts, place)

/** Of all files of a place: their paths. The same set until it changes. */
export function useDraftPaths(place: FilePlace): string {
  return useStore(draftStore, ({ drafts }) => pathsIn(drafts, place).join('\n'))
}

export function keepDraft(place: FilePlace, path: FilePath, draft: Draft): void {
  change((drafts) => drafts.set(keyOf(place, path), draft))
}

export function dropDraft(place: FilePlace, path: FilePath): void {
  change((drafts) => drafts.delete(keyOf(place, path)))
}

function change(edit: (drafts: Map<string, Draft>) => void): void {
  const drafts = new Map(draftStore.getState().drafts)
  edit(drafts)
  draftStore.setState({ drafts })
  // Asked only while there is something to lose: the listener alone costs the browser its page cache.
  if (drafts.size > 0) window.addEventListener('beforeunload', askBeforeLeaving)
  else window.removeEventListener('beforeunload', askBeforeLeaving)
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
