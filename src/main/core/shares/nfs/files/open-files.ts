import { constants } from 'node:fs'
import { identityKey } from './file-handle'
import { chmod, close, fstat, type HostStat, lstat, open } from './host-files'
import { NfsError, nfsStatus } from '../procedures/nfs-status'
import type { Found } from './node-table'

export type Use = 'read' | 'write'

/** A file that is open on the host, and held by its users. */
export interface OpenFile {
  readonly key: string
  readonly fd: number
  readonly uses: readonly Use[]
  users: number
  usedAtMs: number
  isDropped: boolean
}

const { O_RDONLY, O_RDWR, O_WRONLY } = constants
/** Not there on Windows, where links are rare and opening a pipe does not wait. */
export const carefulFlags = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

const maxOpen = 256
/** Long enough for a client that reads or writes on; short, as an open file keeps its disk from being ejected. */
const idleMs = 3_000

/**
 * Open files of the host, so that a big file is not opened once a block. NFS has no open and no close: what is not
 * used for a while is closed. A file is only taken after it was seen to be the one its handle was made for.
 */
export class OpenFiles {
  readonly #files = new Map<string, OpenFile>()
  #timer: NodeJS.Timeout | undefined

  get size(): number {
    return this.#files.size
  }

  /** The file, if it is open for this; give it back with `release`. */
  acquireKnown(key: string, use: Use): OpenFile | undefined {
    const file = this.#files.get(key)
    if (!file?.uses.includes(use)) return undefined
    file.users++
    return file
  }

  /** Opens it; names must be kept still meanwhile. Give it back with `release`. */
  async acquire(found: Found, use: Use): Promise<OpenFile> {
    const known = this.acquireKnown(found.node.key, use)
    if (known) return known
    if (found.stat.isDirectory()) throw new NfsError(nfsStatus.isdir)
    // Opening a pipe waits for its other end, opening a device may do anything.
    if (!found.stat.isFile()) throw new NfsError(nfsStatus.inval)
    const opened = await openPastMode(found, use)
    const stat = await fstat(opened.fd).catch(() => undefined)
    if (!stat || identityKey(stat) !== found.node.key) {
      await close(opened.fd).catch(() => undefined)
      throw new NfsError(nfsStatus.stale)
    }
    return this.#put({ key: found.node.key, ...opened, users: 1 })
  }

  release(file: OpenFile): void {
    file.users--
    file.usedAtMs = performance.now()
    if (file.isDropped && file.users === 0) void close(file.fd).catch(() => undefined)
  }

  /** Keeps a file that was just made: its mode may forbid what its maker may still do. */
  keep(stat: HostStat, fd: number): void {
    this.#put({ key: identityKey(stat), fd, uses: ['read', 'write'], users: 0 })
  }

  /** Lets go of a file that was removed, so that its space is free at once. */
  drop(key: string): void {
    const file = this.#files.get(key)
    if (!file) return
    this.#files.delete(key)
    file.isDropped = true
    if (file.users === 0) void close(file.fd).catch(() => undefined)
  }

  closeAll(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const key of [...this.#files.keys()]) this.drop(key)
  }

  #put(opened: Pick<OpenFile, 'key' | 'fd' | 'uses' | 'users'>): OpenFile {
    this.drop(opened.key)
    const file = { ...opened, usedAtMs: performance.now(), isDropped: false }
    this.#files.set(file.key, file)
    if (this.#files.size > maxOpen) this.#dropIdle(0, this.#files.size - maxOpen)
    this.#timer ??= setTimeout(() => this.#tick(), idleMs).unref()
    return file
  }

  #tick(): void {
    this.#dropIdle(idleMs, Infinity)
    this.#timer = this.#files.size > 0 ? setTimeout(() => this.#tick(), idleMs).unref() : undefined
  }

  #dropIdle(sinceMs: number, atMost: number): void {
    const before = performance.now() - sinceMs
    let left = atMost
    for (const [key, file] of this.#files) {
      if (left <= 0) return
      if (file.users > 0 || file.usedAtMs > before) continue
      this.drop(key)
      left--
    }
  }
}

type Opened = Pick<OpenFile, 'fd' | 'uses'>

/**
 * The one who made a file may go on with it whatever its mode says (git makes its objects read-only and then
 * writes them), and NFS has no open files to remember that by. So the owner is let in past the mode.
 */
async function openPastMode(found: Found, use: Use): Promise<Opened> {
  const both: Opened['uses'] = ['read', 'write']
  const tries: readonly [number, Opened['uses']][] =
    use === 'read'
      ? [[O_RDONLY, ['read']]]
      : [
          [O_RDWR, both],
          [O_WRONLY, ['write']],
        ]
  let refused: unknown
  for (const [flags, uses] of tries) {
    try {
      return { fd: await open(found.path, flags | carefulFlags), uses }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
      refused = error
    }
  }
  const { path, node, stat } = found
  if (process.getuid === undefined || stat.uid !== BigInt(process.getuid())) throw refused
  const now = await lstat(path)
  if (identityKey(now) !== node.key) throw new NfsError(nfsStatus.stale)
  const mode = Number(now.mode & 0o7777n)
  await chmod(path, mode | 0o600)
  try {
    return { fd: await open(path, O_RDWR | carefulFlags), uses: both }
  } finally {
    await chmod(path, mode)
  }
}
