import { useEffect, useState } from 'react'
import type { FilePath, FilePlace } from '../../../../shared/model/file-entry'
import { openStream } from '../../../api'
import { at, placeKey } from '../place'
import { namesById, type NamesById } from './owner-names'

/** The names that a container itself has for its owners. */
export interface Owners {
  readonly users: NamesById
  readonly groups: NamesById
}

const nobody: Owners = { users: new Map(), groups: new Map() }

/** More than this no person reads, and no image has. */
const readAtMostBytes = 256 * 1024

/**
 * Read once for as long as the view stands. What is missing or cannot be read names nobody: the numbers stay. A
 * volume has no users of its own: the containers that use it may each call them otherwise.
 */
export function useOwners(place: FilePlace): Owners {
  const key = placeKey(place)
  const [told, setTold] = useState<{ readonly key: string; readonly owners: Owners }>()
  useEffect(() => {
    if (place.root.kind !== 'container') return undefined
    const controller = new AbortController()
    const { signal } = controller
    const read = async (): Promise<void> => {
      const [users, groups] = await Promise.all([
        readText(place, '/etc/passwd', signal),
        readText(place, '/etc/group', signal),
      ])
      if (!signal.aborted) setTold({ key, owners: { users: namesById(users), groups: namesById(groups) } })
    }
    void read()
    return () => controller.abort()
  }, [key, place])
  return told?.key === key ? told.owners : nobody
}

/** Empty where it cannot be read. */
async function readText(place: FilePlace, path: FilePath, signal: AbortSignal): Promise<string> {
  const stream = openStream('files.read', { ...at(place, path), offset: 0, length: readAtMostBytes })
  const stop = (): void => stream.cancel()
  signal.addEventListener('abort', stop, { once: true })
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const item of stream)
      if (item instanceof Uint8Array) text += decoder.decode(item, { stream: true })
    return text
  } catch {
    return ''
  } finally {
    signal.removeEventListener('abort', stop)
    stream.cancel()
  }
}
