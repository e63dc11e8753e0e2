import type {
  FileEntry,
  FileFindItem,
  FileKind,
  FileList,
  FileReadItem,
  FileRemovalPlan,
  FileStat,
  FileUploadDone,
  FileVersion,
} from '../../../shared/model'
import { AppError } from '../../../shared/errors'
import type { AgentClient, AgentStream } from '../agent/agent-client'
import { timeLimit } from '../platform/time-limit'
import { withSignal } from '../platform/with-signal'
import type { At, FilesRoad } from './road'

const kinds: Readonly<Record<string, FileKind>> = {
  ...{ f: 'file', d: 'folder', l: 'link', c: 'char', b: 'block', p: 'pipe', s: 'socket' },
}
const kindOf = (letter: string): FileKind => kinds[letter] ?? 'unknown'

/** See native/agent/files/entry.go. */
type RawEntry = readonly [
  name: string,
  kind: string,
  size: number,
  mode: number,
  uid: number,
  gid: number,
  mtimeS: number,
  more?: {
    readonly odd?: boolean
    readonly link?: string
    readonly to?: string
    readonly mount?: 'tmpfs' | 'kernel' | 'other'
  },
]

interface RawStat {
  readonly path: string
  readonly entry: RawEntry
  readonly version: string
}

export function entryOf(raw: RawEntry): FileEntry {
  const [name, kind, sizeBytes, mode, uid, gid, mtimeS, more = {}] = raw
  return {
    ...{ name, kind: kindOf(kind), sizeBytes, mode, uid, gid, mtimeMs: mtimeS * 1000 },
    ...(more.odd && { isEscaped: true }),
    ...(more.link !== undefined && {
      link: { target: more.link, ...(more.to && { kind: kindOf(more.to) }) },
    }),
    // What inspect names is marked above; all else was put there by the engine, tmpfs included.
    ...(more.mount && { mount: { kind: 'kernel' } }),
  }
}

/** A change waits for no disk longer; a large tree is removed while the caller waits. */
const callTimeoutMs = 60_000
const removalTimeoutMs = 600_000

const where = ({ root, path }: At): object => ({
  root: root.engine.facts.rootDir,
  path,
  ...(root.kind === 'volume'
    ? { volume: root.id }
    : {
        container: root.id,
        pid: root.pid,
        mounts: root.mounts.filter(({ kind }) => kind !== 'tmpfs').map((mount) => mount.path),
      }),
})

/** The files by the agent beside the engine. */
export const agentRoad = (agent: AgentClient): FilesRoad => {
  const call = <T>(method: string, at: At, more: object = {}): Promise<T> => {
    const limitMs = method === 'remove' ? removalTimeoutMs : callTimeoutMs
    return agent.call<T>(`files.${method}`, { ...where(at), ...more }, timeLimit(at.signal, limitMs))
  }
  const stream = (method: string, at: At, more: object = {}): OpenStream =>
    open(agent.stream(`files.${method}`, { ...where(at), ...more }), at.signal)
  return {
    road: 'agent',
    list: (at, limit) => list(stream('list', at, { limit }), limit),
    stat: async (at): Promise<FileStat> => {
      const { path, entry, version } = await call<RawStat>('stat', at)
      return { road: 'agent', path, entry: entryOf(entry), version }
    },
    read: (at, { offset, length }) =>
      read(stream('read', at, { offset, ...(length !== undefined && { length }) })),
    find: (at, asked) => find(stream('find', at, asked)),
    removalPlan: async (at) => ({
      road: 'agent',
      ...(await call<Omit<FileRemovalPlan, 'road'>>('removalPlan', at)),
    }),
    makeFolder: (at) => call('makeFolder', at),
    rename: (at, to) => call('rename', at, { to }),
    remove: async (at) => (await call<{ removed: number }>('remove', at)).removed,
    chmod: (at, mode) => call('chmod', at, { mode }),
    write: async (at, { version = '', input }) => {
      const sent = stream('write', at, { version })
      const done = await send<{ version: FileVersion }>(sent, input)
      return done.version
    },
    upload: async (at, { conflict, input, onBytes }) => {
      const sent = stream('upload', at, { conflict })
      const done = await send<Omit<FileUploadDone, 'kind' | 'road'>>(sent, input, onBytes)
      return { kind: 'done', road: 'agent', ...done }
    },
    tar: async function* (at) {
      const sent = stream('tar', at)
      try {
        for await (const piece of sent.items) if (piece instanceof Uint8Array) yield piece
      } finally {
        sent.close()
      }
    },
  }
}

interface OpenStream {
  readonly items: AgentStream
  readonly close: () => void
}

/** A stream that ends with the caller's signal. */
function open(items: AgentStream, signal: AbortSignal): OpenStream {
  const stop = (): void => items.cancel()
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  return {
    items,
    close: () => {
      signal.removeEventListener('abort', stop)
      items.cancel()
    },
  }
}

async function list({ items, close }: OpenStream, limit: number): Promise<FileList> {
  let head: { path: string; total: number; isReadOnly: boolean; isKernel: boolean } | undefined
  let cut: FileList['cut']
  const entries: FileEntry[] = []
  try {
    for await (const item of items) {
      if (Array.isArray(item)) entries.push(...(item as RawEntry[]).map(entryOf))
      else if (head === undefined) head = item as NonNullable<typeof head>
      else cut = 'time'
    }
  } finally {
    close()
  }
  if (!head) throw brokeOff()
  const { path, total, isReadOnly, isKernel } = head
  if (total > limit) cut ??= 'count'
  return {
    ...{ road: 'agent', path, entries, removed: [], total },
    ...(cut && { cut }),
    ...((isReadOnly || isKernel) && { isReadOnly: true }),
  }
}

const brokeOff = (): AppError =>
  new AppError('engine.unreachable', 'The agent broke off', { facts: { what: 'agent' } })

async function* read({ items, close }: OpenStream): AsyncGenerator<FileReadItem> {
  try {
    for await (const item of items) {
      if (item instanceof Uint8Array) yield item
      else {
        const { entry, version } = item as RawStat
        yield { kind: 'head', road: 'agent', entry: entryOf(entry), version }
      }
    }
  } finally {
    close()
  }
}

interface RawFound extends Pick<FileFindItem, 'looked' | 'cut'> {
  readonly found: readonly (readonly [path: string, kind: string, size: number])[]
  readonly isDone?: boolean
}

async function* find({ items, close }: OpenStream): AsyncGenerator<FileFindItem> {
  try {
    for await (const item of items) {
      const { found, looked, isDone = false, cut } = item as RawFound
      yield {
        ...{ road: 'agent', looked, isDone },
        found: found.map(([path, kind, sizeBytes]) => ({ path, kind: kindOf(kind), sizeBytes })),
        ...(cut && { cut }),
      }
    }
  } finally {
    close()
  }
}

/** Sends all up and answers the one item that comes down. A client that left in the middle must not look like the end. */
async function send<T>(
  { items, close }: OpenStream,
  input: AsyncIterable<Uint8Array | { readonly kind: string }>,
  onBytes: (count: number) => void = () => undefined,
): Promise<T> {
  const answer = items[Symbol.asyncIterator]().next()
  const refused = new AbortController()
  answer.catch((reason: unknown) => refused.abort(reason))
  try {
    let isWhole = false
    for await (const item of until(refused.signal, input)) {
      isWhole = !(item instanceof Uint8Array) && item.kind === 'end'
      if (isWhole) break
      await withSignal(items.send(item), refused.signal)
      if (item instanceof Uint8Array) onBytes(item.byteLength)
    }
    if (!isWhole) throw new AppError('cancelled', 'The upload ended before the file did')
    items.end()
    const { value, done } = await answer
    if (done) throw brokeOff()
    return value as T
  } catch (error) {
    // The agent's own reason says more than that its stream has ended.
    throw refused.signal.reason ?? error
  } finally {
    close()
  }
}

/** What comes up may be long in coming: that it is no longer wanted is felt meanwhile. */
async function* until<T>(unwanted: AbortSignal, input: AsyncIterable<T>): AsyncGenerator<T> {
  const items = input[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await withSignal(items.next(), unwanted)
      if (next.done) return
      yield next.value
    }
  } finally {
    // Not waited for: it may be the next item that it waits for.
    void items.return?.().catch(() => undefined)
  }
}
