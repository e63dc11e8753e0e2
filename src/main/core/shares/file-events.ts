import { lstat } from 'node:fs/promises'
import { posix } from 'node:path'
import type { ContainerMount } from '../../../shared/model'
import { log } from '../platform/log'
import { isWithin, movedBelow } from './guest-path'
import type { ShareLink } from './share-guest'
import { type TreeWatch, watchTree } from './watch-tree'

export interface FileEventsDeps {
  /** Whether a change on the host was the machine's own. */
  readonly isEcho: (hostPath: string) => Promise<boolean>
  readonly mounts: () => readonly ContainerMount[]
  /** The shares' paths inside. */
  readonly roots: () => readonly string[]
  /** Where a path of the machine is on the host; nothing outside of the shares. */
  readonly hostPathOf: (guestPath: string) => string | undefined
}

/** Editors change a file in several steps: they are told as one. */
const joinMs = 150
const maxPathsACall = 500
/** Of all trees together; half of the least that a Linux system gives to one person. */
const maxFolders = 4_096
const touchTimeoutMs = 20_000

interface Watched {
  readonly tree: TreeWatch
  readonly guestPath: string
  readonly hostPath: string
}

/**
 * Wakes file watchers in containers when the host changes a file. The kernel of the machine cannot know of changes
 * on the host, so the guest's program is told of them and sets a time that the server swallows: its kernel then
 * tells the watchers. Only what containers that run have mounted is watched.
 */
export class FileEvents {
  readonly #watched = new Map<string, Watched>()
  readonly #changed = new Set<string>()
  #link: ShareLink | undefined
  #onPartial: () => void = () => undefined
  #timer: NodeJS.Timeout | undefined
  #isTelling = false

  constructor(private readonly deps: FileEventsDeps) {}

  /** False when a tree is too big to be watched whole. */
  get works(): boolean {
    return [...this.#watched.values()].every(({ tree }) => tree.isWhole)
  }

  start(link: ShareLink, onPartial: () => void): void {
    this.#link = link
    this.#onPartial = onPartial
    this.refresh()
  }

  stop(): void {
    this.#link = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#changed.clear()
    for (const { tree } of this.#watched.values()) tree.close()
    this.#watched.clear()
  }

  /** Watches what containers have mounted now, and no more. */
  refresh(): void {
    if (!this.#link) return
    const wanted = this.#wantedPaths()
    for (const [path, { tree }] of this.#watched) {
      if (wanted.has(path)) continue
      tree.close()
      this.#watched.delete(path)
    }
    for (const path of wanted) if (!this.#watched.has(path)) this.#watch(path)
  }

  #wantedPaths(): Set<string> {
    const roots = this.deps.roots()
    const sources = this.deps
      .mounts()
      .filter(({ type, source }) => type === 'bind' && roots.some((root) => isWithin(source, root)))
      .map(({ source }) => source)
    // A tree inside of another one is watched with it.
    const outer = sources.filter((one) => !sources.some((other) => other !== one && isWithin(one, other)))
    return new Set(outer)
  }

  #watch(guestPath: string): void {
    const hostPath = this.deps.hostPathOf(guestPath)
    if (hostPath === undefined) return
    try {
      const tree = watchTree(hostPath, {
        maxFolders: Math.max(1, Math.floor(maxFolders / (this.#watched.size + 1))),
        onChange: (path) => this.#note(movedBelow({ hostPath, guestPath }, path)),
        onPartial: () => {
          log.warn('shares', 'a tree is too big to be watched whole', { path: hostPath })
          this.#onPartial()
        },
      })
      this.#watched.set(guestPath, { tree, guestPath, hostPath })
    } catch (error) {
      log.warn('shares', 'a tree is not watched', { path: hostPath, error: String(error) })
    }
  }

  #note(guestPath: string): void {
    // Past the bound the folder stands for its files: its watchers look through it themselves.
    this.#changed.add(this.#changed.size < maxPathsACall ? guestPath : posix.dirname(guestPath))
    this.#timer ??= setTimeout(() => void this.#tell(), joinMs)
  }

  async #tell(): Promise<void> {
    this.#timer = undefined
    const link = this.#link
    if (!link || this.#isTelling) return
    this.#isTelling = true
    try {
      const changed = [...this.#changed].slice(0, maxPathsACall)
      changed.forEach((path) => this.#changed.delete(path))
      const paths = await this.#telling(changed)
      if (paths.length > 0)
        await link.guest.run('touch', [], {
          input: `${paths.join('\n')}\n`,
          signal: link.signal,
          timeoutMs: touchTimeoutMs,
        })
    } catch (error) {
      if (!link.signal.aborted) log.warn('shares', 'watchers were not woken', { error: String(error) })
    } finally {
      this.#isTelling = false
      if (this.#changed.size > 0 && this.#link) this.#timer ??= setTimeout(() => void this.#tell(), joinMs)
    }
  }

  /** What the guest is told of: not its own changes; for what went, the folder that it went from. */
  async #telling(guestPaths: readonly string[]): Promise<string[]> {
    const told = new Set<string>()
    for (const path of guestPaths) {
      const hostPath = this.deps.hostPathOf(path)
      if (hostPath === undefined || path.includes('\n') || (await this.deps.isEcho(hostPath))) continue
      const isThere = await lstat(hostPath).then(
        () => true,
        () => false,
      )
      told.add(isThere ? path : posix.dirname(path))
    }
    return [...told]
  }
}
