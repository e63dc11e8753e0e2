import type { CheckedArgs, Handlers } from '../../../shared/contract'
import type {
  EngineId,
  FileEntry,
  FileList,
  FileReadItem,
  FileStat,
  FileUploadDone,
  Progress,
  TaskId,
} from '../../../shared/model'
import { childPath, parentPath } from '../../../shared/model'
import { isCode, type Facts } from '../../../shared/errors'
import type { AgentFor } from '../agent/agents'
import type { EngineClient, EngineOf } from '../engine/engine'
import { apiRoad } from './api-road'
import { onRoad, shownUnder, type Asked, type Chosen, type RoadDeps } from './choose-road'
import { plainPath, refused } from './file-name'
import { ChangeMarks, marked, mountOf, mountsBelow } from './marks'
import type { At, FilesRoad } from './road'
import { VolumeDoors } from './volume-door'

/** Puts an upload or a write into Activity; `signal` aborts when the person cancels it. */
export type StartFileTask = (
  task: { readonly kind: 'files.upload' | 'files.write'; readonly args: object },
  work: (run: {
    readonly signal: AbortSignal
    readonly progress: (progress: Progress) => void
  }) => Promise<Facts>,
) => TaskId

export interface FilesDeps {
  /** Names this core on its engines. */
  readonly owner: string
  readonly engineOf: EngineOf
  readonly agentFor: AgentFor
  readonly startTask: StartFileTask
}

type FileCalls = Pick<Handlers, Extract<keyof Handlers, `files.${string}`>>
type Ranged = Pick<CheckedArgs<'files.read'>, 'offset' | 'length'>

/** What the window reads at most in one go; larger files are downloads. */
const maxReadBytes = 64 * 1024 * 1024

/** Entries of one folder that lie in mounts, or lead there. */
const maxAskedOver = 100

/** Files of containers and volumes: by the agent where one serves, else by the Engine API. */
export class Files {
  readonly #doors: VolumeDoors
  readonly #marks = new ChangeMarks()
  readonly #roads: RoadDeps

  constructor(private readonly deps: FilesDeps) {
    this.#doors = new VolumeDoors(deps.owner)
    this.#roads = { ...deps, api: apiRoad(this.#doors) }
  }

  /** The engine answers, for the first time or again. */
  engineUp(engine: EngineClient): void {
    this.#doors.engineUp(engine)
  }

  /** Takes a volume's helper away, unless its files are being worked with. */
  letGo(engine: EngineId, volume: string): Promise<void> {
    return this.#doors.letGo(engine, volume)
  }

  /** Takes the helpers away. */
  close(): Promise<void> {
    return this.#doors.close()
  }

  readonly handlers = (): FileCalls => ({
    'files.list': ({ limit, ...place }, signal) =>
      this.#on({ place, method: 'list', signal }, (chosen) => this.#list(chosen, limit)),
    'files.stat': (place, signal) => this.#on({ place, method: 'stat', signal }, stat),
    'files.read': ({ offset, length = maxReadBytes, ...place }, { signal }) =>
      this.#read(place, { offset, length }, signal),
    'files.find': ({ name, limit, ...place }, { signal }) =>
      this.#stream({ place, method: 'find', signal }, async function* ({ way, at, under }) {
        for await (const item of way.find(at, { name, limit }))
          yield {
            ...item,
            found: item.found.map((one) => ({ ...one, path: shownUnder(under, one.path) })),
          }
      }),
    'files.removalPlan': (place, signal) =>
      this.#on({ place, method: 'removalPlan', signal }, async ({ way, at, under, root }) => {
        const plan = await way.removalPlan(at)
        const mounts = [
          ...plan.mounts.map((path) => shownUnder(under, path)),
          ...mountsBelow(root.mounts, plainPath(place.path)),
        ]
        return { ...plan, mounts: [...new Set(mounts)] }
      }),
    'files.makeFolder': (place, signal) =>
      this.#change({ place, method: 'makeFolder', signal }, ({ way, at }) => way.makeFolder(at)),
    'files.rename': ({ to, ...place }, signal) =>
      this.#change({ place, method: 'rename', signal }, ({ way, at, under }) => {
        if (under !== '' && !to.startsWith(`${under}/`)) throw refused('across-mounts', to)
        return way.rename(at, to.slice(under.length))
      }),
    'files.remove': async (place, signal) => {
      let removed = 0
      const { road } = await this.#change({ place, method: 'remove', signal }, async ({ way, at, root }) => {
        const path = plainPath(place.path)
        if (path === '/') throw refused('root', path)
        if (mountsBelow(root.mounts, path).length > 0) throw refused('mount', path)
        removed = await way.remove(at)
      })
      return { road, removed }
    },
    'files.chmod': ({ mode, ...place }, signal) =>
      this.#change({ place, method: 'chmod', signal }, ({ way, at }) => way.chmod(at, mode)),
    'files.write': (args, context) => this.#write(args, context),
    'files.upload': (args, context) => this.#upload(args, context),
  })

  /** The bytes of a file, for a download. */
  async *fileBytes(place: Asked, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for await (const item of this.#read(place, { offset: 0 }, signal))
      if (item instanceof Uint8Array) yield item
  }

  /** A tar of a folder, for a download. */
  folderTar(place: Asked, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    return this.#stream({ place, method: 'tar', signal }, ({ way, at }) => way.tar(at))
  }

  #on<T>(asked: Asking, work: (chosen: Chosen) => Promise<T>): Promise<T> {
    return onRoad(this.#roads, asked, work)
  }

  async #list({ way, at, under, root }: Chosen, limit: number): Promise<FileList> {
    const list = await way.list(at, limit)
    const path = shownUnder(under, list.path)
    const shown = marked({ ...list, path }, root.mounts, await this.#marks.of(root, path))
    const mount = mountOf(root.mounts, path)
    const isReadOnly = mount ? mount.isReadOnly === true : root.isReadOnly
    const entries = await this.#withMounted({ way, root }, shown)
    return { ...shown, entries, ...(isReadOnly && { isReadOnly }) }
  }

  /** What is mounted over a container that does not run is not in its layers: the API tells it. */
  async #withMounted({ way, root }: Pick<Chosen, 'way' | 'root'>, list: FileList): Promise<FileEntry[]> {
    const isHidden = way.road === 'agent' && root.kind === 'container' && root.pid === 0
    if (!isHidden || root.mounts.length === 0) return [...list.entries]
    const { signal } = new AbortController()
    let asked = 0
    return Promise.all(
      list.entries.map(async (entry) => {
        const isOver = entry.mount !== undefined && entry.mount.kind !== 'tmpfs'
        const leadsOver = entry.link !== undefined && entry.link.kind === undefined
        if ((!isOver && !leadsOver) || asked++ >= maxAskedOver) return entry
        const path = childPath(list.path, entry.name)
        const there = await this.#roads.api.stat({ root, path, signal }).catch(() => undefined)
        if (!there) return entry
        const { mount, change, name } = entry
        return { ...there.entry, name, ...(mount && { mount }), ...(change && { change }) }
      }),
    )
  }

  #read(place: Asked, range: Ranged, signal: AbortSignal): AsyncGenerator<FileReadItem> {
    return this.#stream({ place, method: 'read', signal }, ({ way, at }) => way.read(at, range))
  }

  /** A stream whose first item comes by the road that can; what breaks after it is told. */
  async *#stream<T>(asked: Asking, open: (chosen: Chosen) => AsyncGenerator<T>): AsyncGenerator<T> {
    const begun = await this.#on(asked, async (chosen) => {
      const items = open(chosen)
      return { items, first: await items.next() }
    })
    try {
      if (begun.first.done) return
      yield begun.first.value
      yield* begun.items
    } finally {
      await begun.items.return(undefined)
    }
  }

  async #change(
    asked: Asking,
    work: (chosen: Chosen) => Promise<void>,
  ): Promise<{ road: FilesRoad['road'] }> {
    return this.#on(asked, async (chosen) => {
      try {
        await work(chosen)
        return { road: chosen.way.road }
      } finally {
        this.#marks.forget(chosen.root)
      }
    })
  }

  async *#write(
    args: CheckedArgs<'files.write'>,
    context: Parameters<Handlers['files.write']>[1],
  ): ReturnType<Handlers['files.write']> {
    const { version, ...place } = args
    yield await this.#asTask('files.write', { args, outer: context.signal }, (signal) =>
      this.#sending({ place, method: 'write', signal }, async ({ way, at }) => ({
        kind: 'written' as const,
        road: way.road,
        version: await way.write(at, { version, input: context.input }),
      })),
    )
  }

  async *#upload(
    args: CheckedArgs<'files.upload'>,
    context: Parameters<Handlers['files.upload']>[1],
  ): ReturnType<Handlers['files.upload']> {
    const { conflict, totalBytes, name, ...place } = args
    let doneBytes = 0
    yield await this.#asTask('files.upload', { args, outer: context.signal }, (signal, progress) => {
      progress({ ...(totalBytes !== undefined && { totalBytes }), note: name })
      const onBytes = (count: number): void => progress({ doneBytes: (doneBytes += count) })
      return this.#sending({ place, method: 'upload', signal }, ({ way, at }): Promise<FileUploadDone> => {
        return way.upload(at, { conflict, input: context.input, onBytes })
      })
    })
  }

  /** What comes up can be read once only: the road is settled by a question before it. */
  async #sending<T>(asked: Asking, work: (chosen: Chosen) => Promise<T>): Promise<T> {
    const chosen = await this.#on(asked, async (tried) => {
      await (asked.method === 'write' ? probeFile(tried) : tried.way.stat(inside(tried.at)))
      return tried
    })
    try {
      return await work(chosen)
    } finally {
      this.#marks.forget(chosen.root)
    }
  }

  #asTask<T extends object>(
    kind: 'files.upload' | 'files.write',
    { args, outer }: { readonly args: object; readonly outer: AbortSignal },
    work: (signal: AbortSignal, progress: (progress: Progress) => void) => Promise<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      this.deps.startTask({ kind, args }, async ({ signal, progress }) => {
        try {
          const value = await work(AbortSignal.any([signal, outer]), progress)
          resolve(value)
          return {}
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
          throw error
        }
      })
    })
  }
}

/** A call for a path, by the name that the agent has for it. */
interface Asking {
  readonly place: Asked
  readonly method: string
  readonly signal: AbortSignal
}

const inside = (at: At, path = at.path): At => ({ ...at, path: `${path}/.` })

/** Looks at the file, or at the folder that it will be in, without reading: whether this road leads there. */
async function probeFile({ way, at }: Chosen): Promise<void> {
  const items = way.read(at, { offset: 0, length: 0 })
  try {
    await items.next()
  } catch (error) {
    if (!isCode(error, 'object.not-found')) throw error
    await way.stat(inside(at, parentPath(plainPath(at.path))))
  } finally {
    await items.return(undefined)
  }
}

async function stat({ way, at, under }: Chosen): Promise<FileStat> {
  const found = await way.stat(at)
  return { ...found, path: shownUnder(under, found.path) }
}
