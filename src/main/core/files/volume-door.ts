import { randomBytes } from 'node:crypto'
import { AppError, isCode } from '../../../shared/errors'
import { helperLabel, helperName, helperOwnerLabel, type EngineId } from '../../../shared/model'
import { pathPart, type EngineClient } from '../engine/engine'
import { log } from '../platform/log'
import { Archive } from './archive'
import { tarEnd, tarHead } from '../platform/tar/write-tar'

const image = 'slipway-files:1'
const mountPoint = '/volume'
/** A person opens one folder after the other: one door serves them all. */
const keepMs = 30_000

interface Door {
  readonly engine: EngineClient
  readonly key: string
  readonly opened: Promise<string>
  users: number
  closing?: NodeJS.Timeout
}

export interface HeldDoor {
  readonly archive: Archive
  /** Once, when the work is done. */
  readonly release: () => void
}

/**
 * The Engine API shows files of containers only: a volume is looked at through a container that is made with it,
 * never started, and taken away. Its image is an empty folder, made here. Both are labelled as helpers.
 */
export class VolumeDoors {
  readonly #doors = new Map<string, Door>()
  readonly #swept = new Map<EngineId, Promise<void>>()

  /** `owner` names this core on its engines. */
  constructor(private readonly owner: string) {}

  /**
   * What a core that was killed left on the engine goes, once, and before a door opens there: a volume that no
   * list shows in use could not be removed. What failed is done with the next call.
   */
  engineUp(engine: EngineClient): void {
    if (this.#swept.has(engine.id)) return
    const swept = removeLeft(engine, this.owner).catch((error: unknown) => {
      this.#swept.delete(engine.id)
      log.warn('files', 'helpers that were left stay', { error })
    })
    this.#swept.set(engine.id, swept)
  }

  /** Keeps the door open while the work lasts, and a little longer. */
  async use<T>(engine: EngineClient, volume: string, work: (archive: Archive) => Promise<T>): Promise<T> {
    const { archive, release } = await this.hold(engine, volume)
    try {
      return await work(archive)
    } finally {
      release()
    }
  }

  async hold(engine: EngineClient, volume: string): Promise<HeldDoor> {
    const door = this.#doorFor(engine, volume)
    door.users++
    clearTimeout(door.closing)
    try {
      const archive = new Archive(engine, await door.opened, mountPoint)
      return { archive, release: () => this.#release(door) }
    } catch (error) {
      this.#forget(door)
      throw error
    }
  }

  /** Takes a volume's door away, unless somebody is at it: the volume is about to be removed. */
  async letGo(engine: EngineId, volume: string): Promise<void> {
    const door = this.#doors.get(keyOf(engine, volume))
    if (door?.users === 0) await this.#close(door)
  }

  /** Takes all doors away. */
  async close(): Promise<void> {
    await Promise.all([...this.#doors.values()].map((door) => this.#close(door)))
  }

  #doorFor(engine: EngineClient, volume: string): Door {
    const key = keyOf(engine.id, volume)
    const known = this.#doors.get(key)
    if (known?.engine === engine) return known
    // After a reconnect the engine is another client. The old door goes first, by the client that is connected: its
    // end takes the image too, which the new one must not miss between making it and standing on it.
    const opened = this.#open(engine, volume, known)
    const door = { engine, key, opened, users: 0 }
    this.#doors.set(key, door)
    return door
  }

  async #open(engine: EngineClient, volume: string, before: Door | undefined): Promise<string> {
    this.engineUp(engine)
    await this.#swept.get(engine.id)
    if (before) await this.#close(before, engine)
    return open(engine, volume, this.owner)
  }

  /** By the door and not by its key, under which another may stand meanwhile. */
  #release(door: Door): void {
    if (--door.users > 0 || this.#doors.get(door.key) !== door) return
    door.closing = setTimeout(() => void this.#close(door), keepMs)
    door.closing.unref()
  }

  #forget(door: Door): void {
    clearTimeout(door.closing)
    if (this.#doors.get(door.key) === door) this.#doors.delete(door.key)
  }

  async #close(door: Door, by = door.engine): Promise<void> {
    this.#forget(door)
    const id = await door.opened.catch(() => undefined)
    if (id !== undefined) await remove(by, id)
  }
}

const keyOf = (engine: EngineId, volume: string): string => `${engine}/${volume}`

async function open(engine: EngineClient, volume: string, owner: string): Promise<string> {
  try {
    return await create(engine, volume, owner)
  } catch (error) {
    if (!isCode(error, 'object.not-found')) throw error
    await makeImage(engine)
    return create(engine, volume, owner)
  }
}

async function create(engine: EngineClient, volume: string, owner: string): Promise<string> {
  const body = {
    Image: image,
    // Never started; the engine wants a command all the same.
    Cmd: ['/none'],
    Labels: { [helperLabel]: 'files', [helperOwnerLabel]: owner },
    NetworkDisabled: true,
    HostConfig: {
      ...{ NetworkMode: 'none', LogConfig: { Type: 'none' } },
      Mounts: [{ Type: 'volume', Source: volume, Target: mountPoint, VolumeOptions: { NoCopy: true } }],
    },
  }
  const query = { name: `${helperName('files')}${randomBytes(6).toString('hex')}` }
  const path = '/containers/create'
  const { Id } = await engine.json<{ Id: string }>({ method: 'POST', path, query, body })
  return Id
}

async function makeImage(engine: EngineClient): Promise<void> {
  const folder = { type: 'folder', sizeBytes: 0, mode: 0o755, uid: 0, gid: 0, mtimeS: 0 } as const
  const tar = Buffer.concat([tarHead({ ...folder, name: Buffer.from(mountPoint.slice(1)) }), tarEnd()])
  const [repo, tag] = image.split(':')
  const answer = await engine.stream({
    method: 'POST',
    path: '/images/create',
    query: { fromSrc: '-', repo, tag, changes: `LABEL ${helperLabel}=files` },
    upload: [tar],
  })
  let said = ''
  for await (const chunk of answer) said = (said + String(chunk)).slice(-4096)
  const detail = /"error":"([^"]*)"/.exec(said)?.[1]
  if (detail)
    throw new AppError('engine.failed', `The engine refused a helper: ${detail}`, { facts: { detail } })
}

async function removeLeft(engine: EngineClient, owner: string): Promise<void> {
  const filters = { label: [`${helperLabel}=files`, `${helperOwnerLabel}=${owner}`] }
  const left = await engine.json<readonly { Id: string }[]>({
    path: '/containers/json',
    query: { all: true, filters },
  })
  for (const { Id } of left) await remove(engine, Id)
}

async function remove(engine: EngineClient, id: string): Promise<void> {
  await engine
    .json({ method: 'DELETE', path: `/containers/${pathPart(id)}`, query: { force: true } })
    .catch((error: unknown) => log.debug('files', 'a helper was gone', { error }))
  // Another door, or another core's, may stand on it.
  await engine
    .json({ method: 'DELETE', path: `/images/${pathPart(image)}` })
    .catch((error: unknown) => log.debug('files', "the helper's image stays", { error }))
}
