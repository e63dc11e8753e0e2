import { useEffect, useRef, useState } from 'react'
import { isCode, toWire } from '../../../../shared/errors'
import type { FilePath, FilePlace, FileVersion } from '../../../../shared/model/file-entry'
import { call } from '../../../api'
import { translate } from '../../../i18n'
import { tellFailure } from '../file-errors'
import { at } from '../place'
import { draftOf, dropDraft, keepDraft } from './drafts'
import { writeFile } from './write-file'

/** How the file on the engine's side stands to what was opened. */
export type Clash = 'changed' | 'removed'

export interface Saving {
  readonly isSaving: boolean
  /** Known before a save is tried: somebody else wrote meanwhile. */
  readonly isStale: boolean
  /** Asked of the person: a save met another version. */
  readonly clash: Clash | undefined
  /** What was saved last; `undefined` before. */
  readonly savedBytes: number | undefined
  readonly onEdit: (read: () => string) => void
  /** True when it was written. `anyhow`: whatever stands there now. */
  readonly save: (how?: 'anyhow') => Promise<boolean>
  readonly dismiss: () => void
}

export interface Opened {
  readonly place: FilePlace
  readonly path: FilePath
  /** For words. */
  readonly name: string
  /** As read: what the text is compared with, and its version. */
  readonly text: string
  readonly version: FileVersion
  /** The file changed and nothing here is unsaved. */
  readonly onStale: () => void
}

/** Keeps the text that is not saved, and saves it. One for the life of an editor. */
export function useSaving(opened: Opened): Saving {
  const { place, path, name } = opened
  const base = useRef({ text: opened.text, version: opened.version })
  const [isSaving, setIsSaving] = useState(false)
  const [clash, setClash] = useState<Clash>()
  const [savedBytes, setSavedBytes] = useState<number>()
  const [isStale, setIsStale] = useStale(opened, base)
  const save = async (how?: 'anyhow'): Promise<boolean> => {
    const draft = draftOf(place, path)
    if (!draft) return true
    if (isSaving) return false
    const text = draft.read()
    setIsSaving(true)
    try {
      const bytes = new TextEncoder().encode(text)
      const version = await writeFile(place, path, {
        bytes,
        ...(how !== 'anyhow' && { version: draft.version }),
      })
      base.current = { text, version }
      setSavedBytes(bytes.byteLength)
      settleDraft(place, path, { text, version })
      setIsStale(false)
      return true
    } catch (error) {
      if (isClash(error)) setClash(isCode(error, 'object.not-found') ? 'removed' : 'changed')
      else tellFailure(error, translate('files.file.saveFailed', { name }))
      return false
    } finally {
      setIsSaving(false)
    }
  }
  return {
    isSaving,
    isStale,
    clash,
    savedBytes,
    save,
    dismiss: () => setClash(undefined),
    onEdit: (read) => {
      const known = draftOf(place, path)
      if (read() === base.current.text) dropDraft(place, path)
      else keepDraft(place, path, { version: known?.version ?? base.current.version, read })
    },
  }
}

const isClash = (error: unknown): boolean => isCode(error, 'object.conflict', 'object.not-found')

/** What was typed while the save was under way is unsaved still, upon what was saved. */
function settleDraft(
  place: FilePlace,
  path: FilePath,
  saved: { readonly text: string; readonly version: FileVersion },
): void {
  const now = draftOf(place, path)
  if (now && now.read() !== saved.text) keepDraft(place, path, { read: now.read, version: saved.version })
  else dropDraft(place, path)
}

/** Asks once when the person comes back to the window: others work on files too. */
function useStale(
  opened: Opened,
  base: { readonly current: { readonly version: FileVersion } },
): readonly [boolean, (isStale: boolean) => void] {
  const { place, path, version } = opened
  const [isStale, setIsStale] = useState(() => (draftOf(place, path)?.version ?? version) !== version)
  const latest = useRef(opened)
  useEffect(() => {
    latest.current = opened
  })
  useEffect(() => {
    const controller = new AbortController()
    const check = async (): Promise<void> => {
      const stat = await call('files.stat', at(place, path), controller.signal)
      // Of a link the version is the link's own: it says nothing of what it leads to.
      if (stat.entry.kind === 'link' || stat.version === base.current.version) return
      if (draftOf(place, path)) setIsStale(true)
      else latest.current.onStale()
    }
    const onFocus = (): void => void check().catch((error: unknown) => toWire(error))
    window.addEventListener('focus', onFocus)
    return () => {
      controller.abort()
      window.removeEventListener('focus', onFocus)
    }
  }, [place, path, base])
  return [isStale, setIsStale]
}
