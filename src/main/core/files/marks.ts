import { AppError } from '../../../shared/errors'
import { baseName, childPath, parentPath } from '../../../shared/model'
import type { FileEntry, FileList, FileMount, FilePath } from '../../../shared/model'
import { pathPart, type EngineClient } from '../engine/engine'
import { log } from '../platform/log'
import type { KnownMount, KnownRoot } from './known-root'

/** Long enough to open a tree without asking at each folder, short enough to show what was just changed. */
const freshMs = 2_000
/** Of 50,000 changes the engine speaks for half a second; a list does not wait longer than this for its marks. */
const changesMs = 5_000

/** `GET /containers/{id}/changes`: what `Kind` means. */
const kinds = ['changed', 'added', 'removed'] as const
type Change = (typeof kinds)[number]

interface Known {
  readonly atMs: number
  readonly changes: Promise<ReadonlyMap<FilePath, ReadonlyMap<string, Change>>>
}

/** What each container has changed of its image, as its engine tells it, by folder. */
export class ChangeMarks {
  readonly #known = new Map<string, Known>()

  async of(root: KnownRoot, folder: FilePath): Promise<ReadonlyMap<string, Change>> {
    if (root.kind !== 'container') return new Map()
    const key = `${root.engine.id}/${root.id}`
    for (const [old, { atMs }] of this.#known) if (performance.now() - atMs > freshMs) this.#known.delete(old)
    let known = this.#known.get(key)
    if (!known) {
      known = { atMs: performance.now(), changes: changesOf(root.engine, root.id) }
      this.#known.set(key, known)
    }
    return (await known.changes).get(folder) ?? new Map<string, Change>()
  }

  /** Something was changed: the next list asks anew. */
  forget({ engine, id }: KnownRoot): void {
    this.#known.delete(`${engine.id}/${id}`)
  }
}

async function changesOf(engine: EngineClient, id: string) {
  const byFolder = new Map<FilePath, Map<string, Change>>()
  try {
    const path = `/containers/${pathPart(id)}/changes`
    const changes = await engine.json<{ Path: string; Kind: number }[] | null>({ path, timeoutMs: changesMs })
    for (const { Path, Kind } of changes ?? []) {
      const escaped = Path.replaceAll('\\', '\\x5c')
      const [folder, kind] = [parentPath(escaped), kinds[Kind]]
      if (kind === undefined) continue
      const names = byFolder.get(folder) ?? new Map<string, Change>()
      byFolder.set(folder, names.set(baseName(escaped), kind))
    }
  } catch (error) {
    // The list is worth more than its marks.
    if (!(error instanceof AppError)) throw error
    log.debug('files', 'no marks of changes', { error })
  }
  return byFolder
}

/** A list with what is mounted and what was changed. */
export function marked(
  list: FileList,
  mounts: readonly KnownMount[],
  changes: ReadonlyMap<string, Change>,
): FileList {
  const mountAt = new Map(mounts.map((mount) => [mount.path, mount]))
  const entries = list.entries.map((entry): FileEntry => {
    const mount = mountAt.get(childPath(list.path, entry.name))
    const change = changes.get(entry.name)
    return {
      ...entry,
      ...(mount && { mount: plain(mount) }),
      ...((change === 'added' || change === 'changed') && { change }),
    }
  })
  const here = new Set(entries.map(({ name }) => name))
  const removed = [...changes].filter(([name, kind]) => kind === 'removed' && !here.has(name))
  return { ...list, entries, removed: removed.map(([name]) => name) }
}

const plain = ({ kind, source, isReadOnly }: KnownMount): FileMount => ({
  kind,
  ...(source !== undefined && { source }),
  ...(isReadOnly !== undefined && { isReadOnly }),
})

/** The innermost mount that a path lies in. */
export const mountOf = (mounts: readonly KnownMount[], path: FilePath): KnownMount | undefined =>
  mounts
    .filter((mount) => path === mount.path || path.startsWith(`${mount.path}/`))
    .sort((a, b) => b.path.length - a.path.length)[0]

/** Mounts below a path, itself included. */
export const mountsBelow = (mounts: readonly KnownMount[], path: FilePath): FilePath[] =>
  mounts
    .filter((mount) => mount.path === path || mount.path.startsWith(path === '/' ? '/' : `${path}/`))
    .map((mount) => mount.path)
