import { randomBytes } from 'node:crypto'
import { watch, type FSWatcher } from 'node:fs'
import type { Duplex } from 'node:stream'
import { AppError } from '../../../shared/errors'
import type { EngineAddress, EngineId, EngineOrigin, EngineState, Road } from '../../../shared/model'
import type { AddedEngine } from '../../../shared/model/settings'
import { Emitter } from '../../../shared/std/emitter'
import { log } from '../platform/log'
import type { EnginePaths } from '../platform/paths'
import { pause } from '../platform/wait-for'
import { findEngines, type Surroundings, type Taken } from './local/find-engines'
import { PrivateEngine } from './local/private-engine'

/** An engine that should be there, whether it answers or not. */
export interface KnownEngine {
  readonly id: EngineId
  readonly name: string
  readonly origin: EngineOrigin
  /** Where any program of this host reaches it. */
  readonly address: EngineAddress
  /** Core's own road, where it has a shorter one than the address. */
  readonly dial?: (signal: AbortSignal, lane?: 'bulk') => Promise<Duplex>
  /** True when core may start, stop and restart it. */
  readonly isOurs: boolean
  /** Present while the machine itself is not up: there is nothing to connect to then. */
  readonly state?: EngineState
}

export interface MachinesView {
  readonly engines: readonly KnownEngine[]
  readonly roads: readonly Road[]
}

export interface MachinesDeps {
  readonly paths: EnginePaths
  readonly surroundings: Omit<Surroundings, 'choice'>
  readonly choice: () => 'auto' | 'private'
  readonly added: () => readonly AddedEngine[]
  /** Core's own road to an address, where the engine's client has none. */
  readonly dialOf?: (address: EngineAddress) => KnownEngine['dial']
  /** The engines of our VMs; `refresh` when they change. */
  readonly vms?: { readonly engines: () => readonly KnownEngine[]; readonly own: (id: EngineId) => OwnEngine }
}

/** What can be done to an engine that core runs itself. */
export interface OwnEngine {
  start(): Promise<void>
  stop(): Promise<void>
  restart(): Promise<void>
  /** The last lines of the engine's own log. */
  logLines(): Promise<string[]>
}

/** The engine that the roads led to. It keeps this id although another road leads to it tomorrow. */
export const localId = 'local' as EngineId

/** Several files come and go when an engine starts: one look is enough. */
const settleMs = 300

/** What hosts the engines: finds the local one, runs the private one, knows the added ones. */
export class Machines {
  readonly #changed = new Emitter<MachinesView>()
  readonly #own: PrivateEngine
  readonly #end = new AbortController()
  #taken: Taken | undefined
  #roads: readonly Road[] = []
  #watchers: FSWatcher[] = []
  #search: Promise<void> | undefined
  #looksAgain = false

  constructor(private readonly deps: MachinesDeps) {
    this.#own = new PrivateEngine(deps.paths)
    this.#own.onChanged(() => this.#tell())
  }

  get view(): MachinesView {
    const local = this.#taken && this.#localEngine(this.#taken)
    const added = this.deps.added().map((engine) => this.#addedEngine(engine))
    const engines = [...(local ? [local] : []), ...(this.deps.vms?.engines() ?? []), ...added]
    return { engines, roads: this.#roads }
  }

  /** Subscribes to every change and returns the undo. */
  onChanged(listener: (view: MachinesView) => void): () => void {
    return this.#changed.on(listener)
  }

  /** Goes all roads, takes the first that leads to an engine, and starts the private one if it is that. */
  find(): Promise<void> {
    this.#search ??= this.#find().finally(() => (this.#search = undefined))
    return this.#search
  }

  /** Something that `view` is made of changed elsewhere: the settings. */
  refresh(): void {
    this.#tell()
  }

  newId(): string {
    return `e-${randomBytes(6).toString('hex')}`
  }

  /** An engine of ours by its id. Throws `engine.unknown` or `machine.not-ours`. */
  ownEngine(id: EngineId): OwnEngine {
    const engine = this.view.engines.find((known) => known.id === id)
    if (!engine) throw new AppError('engine.unknown', 'No such engine', { facts: { engine: id } })
    if (!engine.isOurs)
      throw new AppError('machine.not-ours', 'Slipway did not start this engine', {
        facts: { name: engine.name },
      })
    return engine.origin === 'machine' && this.deps.vms ? this.deps.vms.own(id) : this.#own
  }

  /** Ends the private engine, also one that an earlier core left, and does the work while it cannot start. */
  async withoutPrivate(work: () => Promise<void>): Promise<void> {
    // It may be the one that the search is about to start.
    await this.#search?.catch(() => undefined)
    if (this.#taken?.origin === 'private') {
      this.#taken = undefined
      this.#tell()
    }
    await this.#own.atRest(work)
  }

  /** Ends everything; the private engine goes on when `keep` says so. */
  async close(keep: boolean): Promise<void> {
    this.#end.abort(new AppError('cancelled', 'Slipway is closing'))
    this.#stopWatching()
    await this.#search?.catch(() => undefined)
    if (keep) await this.#own.release()
    else await this.#own.stop()
  }

  async #find(): Promise<void> {
    const { signal } = this.#end
    const around = { ...this.deps.surroundings, choice: this.deps.choice() }
    const found = await findEngines(around, signal)
    log.info('machines', 'roads gone', {
      taken: found.taken?.origin ?? 'none',
      roads: found.roads.map((road) => `${road.road}:${road.outcome}`).join(' '),
    })
    const wasPrivate = this.#taken?.origin === 'private'
    this.#taken = found.taken
    this.#roads = found.roads
    this.#tell()
    if (found.taken) this.#stopWatching()
    else this.#watchSockets()
    const isPrivate = found.taken?.origin === 'private'
    if (wasPrivate && !isPrivate) await this.#own.stop()
    // A start that fails stands in the engine's state; who searches has done their part.
    if (isPrivate)
      void this.#own.start().catch((error: unknown) => log.warn('machines', 'start failed', { error }))
  }

  #addedEngine({ id, name, address: given }: AddedEngine): KnownEngine {
    const address = withoutUndefined(given)
    const dial = this.deps.dialOf?.(address)
    return { id: id as EngineId, name, origin: 'added', isOurs: false, address, ...(dial && { dial }) }
  }

  #localEngine(taken: Taken): KnownEngine {
    const { origin, name, address } = taken
    if (address) {
      const dial = this.deps.dialOf?.(address)
      return { id: localId, name, origin, address, isOurs: false, ...(dial && { dial }) }
    }
    const state = this.#own.state
    const path = this.deps.paths.socket
    return {
      id: localId,
      name,
      origin,
      address: { kind: 'unix', path },
      isOurs: true,
      ...(state && { state }),
    }
  }

  #tell(): void {
    this.#changed.emit(this.view)
  }

  /** While there is no engine: a socket that appears in its usual folder is seen without a poll. */
  #watchSockets(): void {
    if (this.#watchers.length > 0 || this.#end.signal.aborted) return
    const folders = new Set(
      this.#roads.map(({ tried }) => folderOf(tried)).filter((folder) => folder !== undefined),
    )
    for (const folder of folders) {
      try {
        const watcher = watch(folder, (_, name) => {
          if (name === null || name.endsWith('.sock')) this.#lookAgain()
        })
        watcher.on('error', () => watcher.close())
        this.#watchers.push(watcher)
      } catch {
        // That folder is not there: its engine is not installed.
      }
    }
  }

  #lookAgain(): void {
    if (this.#looksAgain) return
    this.#looksAgain = true
    pause(settleMs, this.#end.signal)
      .finally(() => (this.#looksAgain = false))
      .then(() => this.find())
      .catch((error: unknown) => log.debug('machines', 'no second look', { error }))
  }

  #stopWatching(): void {
    for (const watcher of this.#watchers) watcher.close()
    this.#watchers = []
  }
}

const folderOf = (tried: string): string | undefined => /^unix:\/\/(\/.*)\/[^/]+$/.exec(tried)?.[1]

/** What the schema read has `undefined` where a file is not named; an address leaves it out. */
export function withoutUndefined(address: AddedEngine['address']): EngineAddress {
  if (address.kind === 'unix') return address
  if (address.kind === 'ssh') {
    const { host, user, port, identityFile } = address
    return {
      kind: 'ssh',
      host,
      ...(user && { user }),
      ...(port && { port }),
      ...(identityFile && { identityFile }),
    }
  }
  const { host, port, tls } = address
  if (!tls) return { kind: 'tcp', host, port }
  const { caFile, certFile, keyFile } = tls
  const files = { ...(caFile && { caFile }), ...(certFile && { certFile }), ...(keyFile && { keyFile }) }
  return { kind: 'tcp', host, port, tls: files }
}
