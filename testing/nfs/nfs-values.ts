import { type XdrReader, XdrWriter } from '../../src/main/core/shares/nfs/wire/xdr'

/** `fattr3`, the fields that tests ask for. */
export interface Attributes {
  readonly type: number
  readonly mode: number
  readonly nlink: number
  readonly uid: number
  readonly gid: number
  readonly size: bigint
  readonly fileId: bigint
  readonly atime: number
  readonly mtime: number
  readonly mtimeNs: number
}

export interface Sattr {
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly size?: number
  /** Seconds; `now` for the server's clock. */
  readonly atime?: number | 'now'
  readonly mtime?: number | 'now'
}

export interface Entry {
  readonly name: string
  readonly fileId: bigint
  readonly attributes?: Attributes
  readonly handle?: Buffer
}

export const inFolder = (folder: Buffer, name: string | Buffer): XdrWriter =>
  new XdrWriter().opaque(folder).opaque(typeof name === 'string' ? Buffer.from(name) : name)

export function writeSattr(out: XdrWriter, set: Sattr): XdrWriter {
  for (const field of [set.mode, set.uid, set.gid])
    if (field === undefined) out.bool(false)
    else out.bool(true).u32(field)
  if (set.size === undefined) out.bool(false)
  else out.bool(true).u64(set.size)
  for (const time of [set.atime, set.mtime])
    if (time === undefined) out.u32(0)
    else if (time === 'now') out.u32(1)
    else
      out
        .u32(2)
        .u32(Math.floor(time))
        .u32(Math.round((time % 1) * 1e9))
  return out
}

export function readAttributes(reply: XdrReader): Attributes {
  const [type, mode, nlink, uid, gid] = Array.from({ length: 5 }, () => reply.u32()) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const size = reply.u64()
  reply.u64()
  reply.u64()
  reply.u64()
  const fileId = reply.u64()
  const [atime, , mtime, mtimeNs] = Array.from({ length: 6 }, () => reply.u32()) as [
    number,
    number,
    number,
    number,
  ]
  return { type, mode, nlink, uid, gid, size, fileId, atime, mtime, mtimeNs }
}

export const readOptional = (reply: XdrReader): Attributes | undefined =>
  reply.bool() ? readAttributes(reply) : undefined

export function readEntry(reply: XdrReader, isPlus: boolean): { entry: Entry; next: bigint } {
  const fileId = reply.u64()
  const name = reply.opaque(255).toString()
  const next = reply.u64()
  if (!isPlus) return { entry: { name, fileId }, next }
  const attributes = readOptional(reply)
  const handle = reply.bool() ? Buffer.from(reply.opaque(64)) : undefined
  return { entry: { name, fileId, ...(attributes && { attributes }), ...(handle && { handle }) }, next }
}

export function readChange(reply: XdrReader): { after?: Attributes } {
  if (reply.bool()) {
    reply.u64()
    for (let word = 0; word < 4; word++) reply.u32()
  }
  const after = readOptional(reply)
  return after ? { after } : {}
}
