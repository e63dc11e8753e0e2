import type { Duplex } from 'node:stream'
import { recordMark, RecordReader } from '../../src/main/core/shares/nfs/wire/record-stream'
import { XdrReader, XdrWriter } from '../../src/main/core/shares/nfs/wire/xdr'
import {
  type Attributes,
  type Entry,
  inFolder,
  readAttributes,
  readChange,
  readEntry,
  readOptional,
  type Sattr,
  writeSattr,
} from './nfs-values'

/** A refusal: `status` of RFC 1813. */
export class RefusedError extends Error {
  constructor(readonly status: number) {
    super(`NFS status ${status}`)
  }
}

const nfs = { program: 100003, version: 3 }
const mount = { program: 100005, version: 3 }

/** A small NFSv3 client: speaks each procedure as Linux's client does, and reads each answer to its last byte. */
export class NfsClient {
  #xid = 1
  readonly #records = new RecordReader(64 * 1_048_576)
  readonly #waiting = new Map<number, { resolve: (reply: XdrReader) => void; reject: (e: Error) => void }>()

  constructor(
    readonly stream: Duplex,
    private readonly who = { uid: 0, gid: 0, gids: [] as readonly number[] },
  ) {
    stream.on('data', (chunk: Buffer) => this.#records.push(chunk).forEach((record) => this.#take(record)))
    stream.on('close', () => this.#fail(new Error('The server ended the connection')))
    stream.on('error', (error) => this.#fail(error))
  }

  /** Sends one call and answers what comes after the reply's head. */
  call(to: { program: number; version: number; procedure: number }, args: XdrWriter): Promise<XdrReader> {
    return this.send(this.encode(this.#xid++, to, args))
  }

  /** Sends a call that was encoded before: the same twice is a retransmission. */
  send(record: Buffer): Promise<XdrReader> {
    const xid = record.readUInt32BE(0)
    return new Promise((resolve, reject) => {
      this.#waiting.set(xid, { resolve, reject })
      this.stream.write(recordMark(record.length))
      this.stream.write(record)
    })
  }

  encode(xid: number, to: { program: number; version: number; procedure: number }, args: XdrWriter): Buffer {
    const { uid, gid, gids } = this.who
    const credential = new XdrWriter().u32(0).text('test').u32(uid).u32(gid).u32(gids.length)
    gids.forEach((one) => credential.u32(one))
    const out = new XdrWriter().u32(xid).u32(0).u32(2).u32(to.program).u32(to.version).u32(to.procedure)
    out.u32(1).opaque(Buffer.concat(credential.chunks())).u32(0).u32(0).append(args)
    return Buffer.concat(out.chunks())
  }

  async mount(path: string): Promise<Buffer> {
    const reply = await this.call({ ...mount, procedure: 1 }, new XdrWriter().opaque(Buffer.from(path)))
    this.#check(reply.u32())
    const handle = Buffer.from(reply.opaque(64))
    reply.u32()
    reply.u32()
    return this.#whole(reply, handle)
  }

  async getattr(handle: Buffer): Promise<Attributes> {
    const reply = await this.#nfs(1, new XdrWriter().opaque(handle))
    return this.#whole(reply, readAttributes(reply))
  }

  async setattr(handle: Buffer, set: Sattr): Promise<Attributes | undefined> {
    const args = writeSattr(new XdrWriter().opaque(handle), set).bool(false)
    const reply = await this.#nfs(2, args)
    return this.#whole(reply, readChange(reply).after)
  }

  async lookup(folder: Buffer, name: string | Buffer): Promise<{ handle: Buffer; attributes?: Attributes }> {
    const reply = await this.#nfs(3, inFolder(folder, name))
    const handle = Buffer.from(reply.opaque(64))
    const attributes = readOptional(reply)
    readOptional(reply)
    return this.#whole(reply, { handle, ...(attributes && { attributes }) })
  }

  async access(handle: Buffer, wanted = 63): Promise<number> {
    const reply = await this.#nfs(4, new XdrWriter().opaque(handle).u32(wanted))
    readOptional(reply)
    return this.#whole(reply, reply.u32())
  }

  async readlink(handle: Buffer): Promise<string> {
    const reply = await this.#nfs(5, new XdrWriter().opaque(handle))
    readOptional(reply)
    return this.#whole(reply, reply.opaque(4096).toString())
  }

  async read(handle: Buffer, offset: number, count: number): Promise<{ data: Buffer; isEnd: boolean }> {
    const reply = await this.#nfs(6, new XdrWriter().opaque(handle).u64(offset).u32(count))
    readOptional(reply)
    reply.u32()
    const isEnd = reply.bool()
    return this.#whole(reply, { data: Buffer.from(reply.opaque(count)), isEnd })
  }

  /** Answers how stable it is, and the server's verifier. */
  async write(
    handle: Buffer,
    offset: number,
    { data, stable = 0 }: { data: Buffer; stable?: number },
  ): Promise<{ committed: number; verifier: string; count: number }> {
    const args = new XdrWriter().opaque(handle).u64(offset).u32(data.length).u32(stable).data(data)
    const reply = await this.#nfs(7, args)
    readChange(reply)
    const [count, committed] = [reply.u32(), reply.u32()]
    return this.#whole(reply, { count, committed, verifier: reply.fixed(8).toString('hex') })
  }

  /** `how`: attributes for UNCHECKED, or a verifier for EXCLUSIVE. */
  async create(
    folder: Buffer,
    name: string | Buffer,
    how: Sattr | Buffer = { mode: 0o644 },
  ): Promise<Buffer> {
    const args = inFolder(folder, name)
    if (Buffer.isBuffer(how)) args.u32(2).fixed(how)
    else writeSattr(args.u32(0), how)
    return this.#made(await this.#nfs(8, args))
  }

  async guarded(folder: Buffer, name: string, set: Sattr = {}): Promise<Buffer> {
    return this.#made(await this.#nfs(8, writeSattr(inFolder(folder, name).u32(1), set)))
  }

  async mkdir(folder: Buffer, name: string | Buffer, set: Sattr = { mode: 0o755 }): Promise<Buffer> {
    return this.#made(await this.#nfs(9, writeSattr(inFolder(folder, name), set)))
  }

  async symlink(folder: Buffer, name: string, target: string): Promise<Buffer> {
    const args = writeSattr(inFolder(folder, name), {}).opaque(Buffer.from(target))
    return this.#made(await this.#nfs(10, args))
  }

  async mknod(folder: Buffer, name: string, type: number): Promise<Buffer> {
    const args = inFolder(folder, name).u32(type)
    if (type === 3 || type === 4) writeSattr(args, { mode: 0o600 }).u32(1).u32(3)
    else writeSattr(args, { mode: 0o755 })
    return this.#made(await this.#nfs(11, args))
  }

  async remove(folder: Buffer, name: string): Promise<void> {
    const reply = await this.#nfs(12, inFolder(folder, name))
    this.#whole(reply, readChange(reply))
  }

  async rmdir(folder: Buffer, name: string): Promise<void> {
    const reply = await this.#nfs(13, inFolder(folder, name))
    this.#whole(reply, readChange(reply))
  }

  async rename(from: { folder: Buffer; name: string }, to: { folder: Buffer; name: string }): Promise<void> {
    const reply = await this.#nfs(14, inFolder(from.folder, from.name).append(inFolder(to.folder, to.name)))
    readChange(reply)
    this.#whole(reply, readChange(reply))
  }

  async link(file: Buffer, folder: Buffer, name: string): Promise<void> {
    const reply = await this.#nfs(15, new XdrWriter().opaque(file).append(inFolder(folder, name)))
    readOptional(reply)
    this.#whole(reply, readChange(reply))
  }

  /** The whole folder, page by page. */
  async readdir(folder: Buffer, { pageBytes = 4096, isPlus = false } = {}): Promise<Entry[]> {
    const entries: Entry[] = []
    let cookie = 0n
    for (;;) {
      const args = new XdrWriter().opaque(folder).u64(cookie).u64(0).u32(pageBytes)
      if (isPlus) args.u32(pageBytes)
      const reply = await this.#nfs(isPlus ? 17 : 16, args)
      readOptional(reply)
      reply.u64()
      while (reply.bool()) {
        const { entry, next } = readEntry(reply, isPlus)
        cookie = next
        entries.push(entry)
      }
      if (this.#whole(reply, reply.bool())) return entries
    }
  }

  async fsstat(handle: Buffer): Promise<{ totalBytes: bigint }> {
    const reply = await this.#nfs(18, new XdrWriter().opaque(handle))
    readOptional(reply)
    const totalBytes = reply.u64()
    for (let field = 0; field < 5; field++) reply.u64()
    reply.u32()
    return this.#whole(reply, { totalBytes })
  }

  async fsinfo(handle: Buffer): Promise<{ maxRead: number; maxWrite: number }> {
    const reply = await this.#nfs(19, new XdrWriter().opaque(handle))
    readOptional(reply)
    const words = Array.from({ length: 7 }, () => reply.u32())
    reply.u64()
    for (let word = 0; word < 3; word++) reply.u32()
    return this.#whole(reply, { maxRead: words[0] ?? 0, maxWrite: words[3] ?? 0 })
  }

  async pathconf(handle: Buffer): Promise<{ maxName: number }> {
    const reply = await this.#nfs(20, new XdrWriter().opaque(handle))
    readOptional(reply)
    const words = Array.from({ length: 6 }, () => reply.u32())
    return this.#whole(reply, { maxName: words[1] ?? 0 })
  }

  async commit(handle: Buffer): Promise<string> {
    const reply = await this.#nfs(21, new XdrWriter().opaque(handle).u64(0).u32(0))
    readChange(reply)
    return this.#whole(reply, reply.fixed(8).toString('hex'))
  }

  close(): void {
    this.stream.destroy()
  }

  async #nfs(procedure: number, args: XdrWriter): Promise<XdrReader> {
    const reply = await this.call({ ...nfs, procedure }, args)
    this.#check(reply.u32())
    return reply
  }

  #made(reply: XdrReader): Buffer {
    if (!reply.bool()) throw new Error('No handle')
    const handle = Buffer.from(reply.opaque(64))
    readOptional(reply)
    readChange(reply)
    return this.#whole(reply, handle)
  }

  #check(status: number): void {
    if (status !== 0) throw new RefusedError(status)
  }

  /** An answer with bytes left over is not the one that the RFC defines. */
  #whole<T>(reply: XdrReader, value: T): T {
    if (reply.left !== 0) throw new Error(`${reply.left} bytes too many in the reply`)
    return value
  }

  #take(record: Buffer): void {
    if (record.length === 0) return
    const reply = new XdrReader(record)
    const waiting = this.#waiting.get(reply.u32())
    const [isReply, isDenied] = [reply.u32(), reply.u32()]
    if (!waiting || isReply !== 1) return
    if (isDenied !== 0) return waiting.reject(new Error('RPC denied'))
    reply.u32()
    reply.u32()
    const state = reply.u32()
    if (state === 0) waiting.resolve(reply)
    else waiting.reject(new Error(`RPC accept state ${state}`))
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
