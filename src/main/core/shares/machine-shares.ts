import { lstat, realpath } from 'node:fs/promises'
import { AppError, toWire, type WireError } from '../../../shared/errors'
import { backoffMs } from '../../../shared/std/backoff'
import type { MachineId, Share, ShareState } from '../../../shared/model'
import { log } from '../platform/log'
import { pause } from '../platform/wait-for'
import { FileEvents } from './file-events'
import { guestPathOf, isWithin, shareProblem } from './guest-path'
import { KeptFacts, machineSecret } from './machine-secrets'
import { bytePath, pathText } from './nfs/files/host-files'
import type { NamespaceLock } from './nfs/files/namespace-lock'
import { personOwnership, realOwnership } from './nfs/files/ownership'
import { shareRoot, type ShareRoot } from './nfs/files/share-root'
import { ShareServer } from './nfs/share-server'
import type { OwnFolders } from './own-folders'
import type { ShareLink, SharesDeps } from './share-guest'

export interface MachineSharesDeps extends SharesDeps {
  readonly id: MachineId
  readonly lock: NamespaceLock
  readonly own: OwnFolders
}

const guestSocket = '/run/slipway/share.sock'
const mountTimeoutMs = 40_000
const retry = { minMs: 1_000, maxMs: 30_000 }

interface Mounted {
  readonly share: Share
  readonly guestPath: string
  state: ShareState['state']
  error?: WireError
}

/** The shared folders of one machine: one server, mounted anew at each link. */
export class MachineShares {
  #shares: Mounted[] = []
  #roots = new Map<string, ShareRoot>()
  /** Rounds in which not all was mounted, one after the other. */
  #failures = 0
  /** Edits and links come while others are under way: one after the other. */
  #work: Promise<void> = Promise.resolve()
  readonly #events: FileEvents

  private constructor(
    private readonly deps: MachineSharesDeps,
    private readonly server: ShareServer,
    private readonly kept: KeptFacts,
  ) {
    this.#events = new FileEvents({
      isEcho: (path) => server.isEcho(bytePath(path)),
      mounts: () => deps.mountsOf(deps.id),
      roots: () => [...this.#roots.values()].map((root) => pathText(root.guestPath)),
      hostPathOf: (path) => this.#hostPathOf(path),
    })
  }

  static async open(deps: MachineSharesDeps): Promise<MachineShares> {
    const files = deps.filesOf(deps.id)
    const [secret, kept] = await Promise.all([machineSecret(files.secret), KeptFacts.open(files.facts)])
    const uid = process.getuid?.() ?? 0
    const me = { uid, gid: process.getgid?.() ?? 0 }
    // Windows has no such users: all files there are the person's.
    const isRoot = process.getuid !== undefined && uid === 0
    const server = new ShareServer({
      secret,
      lock: deps.lock,
      ownership: isRoot ? realOwnership(kept.facts) : personOwnership(kept.facts, me),
      facts: kept.facts,
      isHidden: (stat) => deps.own.has(stat),
      onBug: (error) => log.error('shares', 'a call failed', { error: String(error) }),
    })
    return new MachineShares(deps, server, kept)
  }

  /** Serves the guest, and mounts what is shared. Resolves when each share is mounted or was refused. */
  async begin(link: ShareLink): Promise<void> {
    const undo = await link.guest.listenUnix(
      guestSocket,
      (stream) => void this.server.serve(stream),
      link.signal,
    )
    const stop = this.deps.onContainers(this.deps.id, () => this.#events.refresh())
    link.signal.addEventListener('abort', () => {
      undo()
      stop()
      this.#events.stop()
    })
    for (const mounted of this.#shares) mounted.state = 'connecting'
    await this.apply(link)
  }

  /** Makes the machine's folders those of its settings. */
  apply(link: ShareLink): Promise<void> {
    this.#work = this.#work
      .then(() => this.#apply(link))
      .catch((error: unknown) => {
        if (!link.signal.aborted) log.warn('shares', 'not all was mounted', { error: String(error) })
      })
    return this.#work
  }

  async flush(): Promise<void> {
    await Promise.all([this.server.flush(), this.kept.flush()])
  }

  async close(): Promise<void> {
    this.#events.stop()
    await this.#work
    await this.server.close()
    await this.kept.flush()
  }

  async #apply(link: ShareLink): Promise<void> {
    this.deps.own.refresh()
    const wanted = link.settings().shares.map((share) => ({ share, guestPath: guestPathOf(share.path) }))
    const gone = this.#shares.filter((old) => !wanted.some(({ guestPath }) => guestPath === old.guestPath))
    const state = (guestPath: string): ShareState['state'] =>
      this.#shares.find((old) => old.guestPath === guestPath)?.state ?? 'connecting'
    // Outer folders first: an inner one that is mounted before would be hidden.
    this.#shares = wanted
      .map((one) => ({ ...one, state: state(one.guestPath) }))
      .sort((one, other) => one.guestPath.length - other.guestPath.length)
    await this.#serve()
    this.#tell(link)
    for (const { guestPath } of gone.toReversed()) await this.#unmount(link, guestPath)
    for (const mounted of this.#shares) if (mounted.state !== 'mounted') await this.#mount(link, mounted)
    this.#events.start(link, () => this.#tell(link))
    this.#tell(link)
    const isAllWell = this.#shares.every(({ state: now }) => now === 'mounted')
    if (isAllWell) this.#failures = 0
    // What is refused for good stays so until the settings change.
    const isHopeful = this.#shares.some(({ error }) => error !== undefined && error.code !== 'share.refused')
    if (isHopeful) void this.#tryAgain(link)
  }

  /** The roots that the server serves; a folder that is away is not served, its share says why. */
  async #serve(): Promise<void> {
    const roots = new Map<string, ShareRoot>()
    for (const mounted of this.#shares) {
      try {
        const root = await this.#rootOf(mounted)
        roots.set(mounted.guestPath, root)
      } catch (error) {
        mounted.state = 'failed'
        mounted.error = toWire(error)
      }
    }
    this.#roots = roots
    this.server.setShares([...roots.values()])
  }

  async #rootOf({ share, guestPath }: Mounted): Promise<ShareRoot> {
    const problem = shareProblem(guestPath)
    if (problem) throw shareError(share.path, problem)
    const known = this.#roots.get(guestPath)
    const path = await realpath(share.path).catch((error: unknown) => {
      throw shareError(share.path, (error as NodeJS.ErrnoException).code ?? 'failed', error)
    })
    const stat = await lstat(path, { bigint: true })
    if (!stat.isDirectory()) throw shareError(share.path, 'ENOTDIR')
    if (this.deps.own.has(stat) || this.deps.ownFolders().some((own) => isWithin(path, own)))
      throw shareError(share.path, 'own-folder')
    if (known?.path === bytePath(path)) {
      known.isReadOnly = share.isReadOnly
      return known
    }
    const { isReadOnly } = share
    return shareRoot({ path: bytePath(path), guestPath: bytePath(guestPath), isReadOnly, dev: stat.dev })
  }

  async #mount(link: ShareLink, mounted: Mounted): Promise<void> {
    const root = this.#roots.get(mounted.guestPath)
    if (!root) return
    try {
      // Always for writing: the server refuses what a read-only share does not take, and file events need to
      // set a time that it swallows.
      const args = [mounted.guestPath, 'rw']
      await link.guest.run('mount-share', args, { signal: link.signal, timeoutMs: mountTimeoutMs })
      mounted.state = 'mounted'
      delete mounted.error
    } catch (error) {
      link.signal.throwIfAborted()
      mounted.state = 'failed'
      mounted.error = toWire(error)
      log.warn('shares', 'a folder was not mounted', { path: mounted.share.path, error: String(error) })
    }
    this.#tell(link)
  }

  async #unmount(link: ShareLink, guestPath: string): Promise<void> {
    try {
      await link.guest.run('unmount-share', [guestPath], { signal: link.signal, timeoutMs: mountTimeoutMs })
    } catch (error) {
      link.signal.throwIfAborted()
      log.warn('shares', 'a folder was not let go', { path: guestPath, error: String(error) })
    }
  }

  /** A disk that was plugged in, a folder that was made: the share comes by itself. */
  async #tryAgain(link: ShareLink): Promise<void> {
    const shares = this.#shares
    await pause(backoffMs(this.#failures++, retry), link.signal).catch(() => undefined)
    if (!link.signal.aborted && this.#shares === shares) await this.apply(link)
  }

  #hostPathOf(guestPath: string): string | undefined {
    let best: ShareRoot | undefined
    for (const root of this.#roots.values()) {
      const isInner = isWithin(guestPath, pathText(root.guestPath))
      if (isInner && root.guestPath.length > (best?.guestPath.length ?? -1)) best = root
    }
    return best && pathText(best.path) + guestPath.slice(pathText(best.guestPath).length)
  }

  #tell(link: ShareLink): void {
    if (link.signal.aborted) return
    const shares = this.#shares.map(({ share, state, error }): ShareState => ({
      path: share.path,
      isReadOnly: share.isReadOnly,
      state,
      hasFileEvents: this.#events.works,
      ...(error && { error }),
    }))
    const reasons = shares.flatMap(({ path, error }) =>
      error ? [{ kind: 'share-failed' as const, path, error }] : [],
    )
    link.tell({ shares, reasons })
  }
}

function shareError(path: string, reason: string, cause?: unknown): AppError {
  const code = reason === 'guests-own' || reason === 'own-folder' ? 'share.refused' : 'file.failed'
  return new AppError(code, `${path} cannot be shared: ${reason}`, { facts: { path, reason }, cause })
}
