import type { Duplex } from 'node:stream'
import { Durability } from './files/durability'
import { Echoes } from './files/echoes'
import type { GuestFacts } from './files/guest-facts'
import type { BytePath, HostStat } from './files/host-files'
import { Listings } from './files/listings'
import { hasMountProcedure, mountProgram, runMount } from './procedures/mount-program'
import type { NamespaceLock } from './files/namespace-lock'
import { hasProcedure, isOnce, nfsProgram, runNfs } from './procedures/nfs-program'
import { NodeTable } from './files/node-table'
import { OpenFiles } from './files/open-files'
import type { Ownership } from './files/ownership'
import { Recent } from './files/recent'
import { ReplayCache } from './wire/replay-cache'
import { serveRecords } from './wire/rpc-connection'
import { accepted, acceptedReply, mismatchReply, readCall, type RpcCall } from './wire/rpc-message'
import type { Served } from './procedures/served'
import type { ShareRoot } from './files/share-root'
import { XdrError, XdrWriter } from './wire/xdr'

export interface ShareServerOptions {
  /** Of the machine, 32 bytes: handles made with it are taken over restarts. */
  readonly secret: Buffer
  readonly lock: NamespaceLock
  readonly ownership: Ownership
  readonly facts: GuestFacts
  readonly isHidden: (stat: HostStat) => boolean
  /** What is our own fault, for the log. */
  readonly onBug: (error: unknown) => void
}

/** The NFS server of one machine: any number of connections, one set of shares. */
export class ShareServer {
  readonly #served: Served
  readonly #files = new OpenFiles()
  readonly #durability = new Durability(this.#files)
  readonly #echoes = new Echoes()
  readonly #replays = new ReplayCache()
  readonly #connections = new Set<() => void>()
  #shares: readonly ShareRoot[] = []

  constructor(private readonly options: ShareServerOptions) {
    const { secret, lock, ownership, facts, isHidden } = options
    this.#served = {
      table: new NodeTable(secret, (tag) => this.#shares.find((share) => share.tag === tag)),
      files: this.#files,
      durability: this.#durability,
      echoes: this.#echoes,
      listings: new Listings(),
      exclusive: new Recent<string>(1024),
      ...{ lock, ownership, facts, isHidden },
    }
  }

  /** Open files of the host, just now. */
  get openFiles(): number {
    return this.#files.size
  }

  /** From now on these. A share that goes answers STALE; one that stays keeps its handles. */
  setShares(shares: readonly ShareRoot[]): void {
    this.#shares = shares
  }

  /** Serves a client until its stream ends. Returns the undo. */
  serve(stream: Duplex): () => void {
    const undo = serveRecords(stream, (record) => this.#answer(record))
    this.#connections.add(undo)
    stream.once('close', () => this.#connections.delete(undo))
    return undo
  }

  /** Whether a change that the host's watcher saw was made by the machine itself. */
  isEcho(path: BytePath): Promise<boolean> {
    return this.#echoes.isEcho(path)
  }

  /** Puts on the host's disk what was answered as written. */
  flush(): Promise<void> {
    return this.#durability.flush()
  }

  async close(): Promise<void> {
    for (const end of this.#connections) end()
    this.#connections.clear()
    await this.#durability.flush()
    this.#files.closeAll()
  }

  async #answer(record: Buffer): Promise<XdrWriter | undefined> {
    const read = readCall(record)
    if (!read) return undefined
    if ('reply' in read) return read.reply
    const { call } = read
    try {
      if (call.program === mountProgram.program) return await this.#mount(call)
      if (call.program !== nfsProgram.program) return acceptedReply(call.xid, accepted.programUnavailable)
      return await this.#nfs(call, record)
    } catch (error) {
      if (error instanceof XdrError) return acceptedReply(call.xid, accepted.garbageArguments)
      this.options.onBug(error)
      return acceptedReply(call.xid, accepted.systemError)
    }
  }

  async #mount(call: RpcCall): Promise<XdrWriter> {
    if (call.version !== mountProgram.version) return mismatchReply(call.xid, mountProgram.version)
    if (!hasMountProcedure(call.procedure)) return acceptedReply(call.xid, accepted.procedureUnavailable)
    const body = await runMount(call, { table: this.#served.table, shares: this.#shares })
    return acceptedReply(call.xid, accepted.success).append(body)
  }

  async #nfs(call: RpcCall, record: Buffer): Promise<XdrWriter> {
    if (call.version !== nfsProgram.version) return mismatchReply(call.xid, nfsProgram.version)
    if (!hasProcedure(call.procedure)) return acceptedReply(call.xid, accepted.procedureUnavailable)
    const run = async (): Promise<XdrWriter> => {
      const { procedure, credential, args } = call
      const { body, bug } = await runNfs(this.#served, procedure, { args, who: credential })
      if (bug !== undefined) this.options.onBug(bug)
      return body
    }
    const reply = acceptedReply(call.xid, accepted.success)
    if (!isOnce(call.procedure)) return reply.append(await run())
    const body = await this.#replays.answer(record.toString('latin1'), run)
    return reply.append(new XdrWriter().raw(body))
  }
}
