// What a client holds of a file. It must outlive this process: a suspended or adopted VM goes on with the handles
// that an earlier core gave out. So a handle names its file by itself: which share, which inode, born when, and a
// trail of two bytes a folder on its way, by which the file is found again without a table of all files ever seen.
//
//   0 version | 1 depth | 2-5 share | 6-13 inode | 14-17 birth | 18-27 code of authenticity | 28-63 trail
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { HostStat } from './host-files'

const version = 1
const codeAt = 18
const codeBytes = 10
const trailAt = 28
/** NFS3_FHSIZE less what stands before the trail. */
const maxTrailBytes = 36

/** A file as the host's disk knows it. The birth tells a new file from an old one whose inode number it got. */
export interface Identity {
  readonly ino: bigint
  readonly birth: number
}

export interface HandleFields extends Identity {
  /** Four bytes that name the share. */
  readonly share: number
  readonly depth: number
  readonly trail: Buffer
}

const mixed = (time: bigint): number => Number(BigInt.asUintN(32, time ^ (time >> 32n)))

export const identityOf = (stat: HostStat): Identity => ({ ino: stat.ino, birth: mixed(stat.birthtimeNs) })

/** The device is told apart too, as mounts inside a share have inode numbers of their own. */
export const identityKey = (stat: HostStat): string => `${stat.dev}:${stat.ino}:${mixed(stat.birthtimeNs)}`

/** Without the device, whose number may be another after the host's next start: for what is kept on disk. */
export const lastingKey = (stat: HostStat): string => `${stat.ino}:${mixed(stat.birthtimeNs)}`

export const isSame = (stat: HostStat, identity: Identity): boolean =>
  stat.ino === identity.ino && mixed(stat.birthtimeNs) === identity.birth

/** Bytes of the trail for each name of the way: two, or one where the way is long. */
export const stepBytes = (depth: number): 1 | 2 => (depth * 2 <= maxTrailBytes ? 2 : 1)

/** FNV-1a. Only to find a name again: what was found is told right or wrong by its identity. */
export function stepOf(name: string, bytes: 1 | 2): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  return ((hash ^ (hash >>> 16)) & (bytes === 2 ? 0xffff : 0xff)) >>> 0
}

export function trailOf(names: readonly string[]): Buffer {
  const bytes = stepBytes(names.length)
  const kept = names.slice(0, maxTrailBytes / bytes)
  const trail = Buffer.alloc(kept.length * bytes)
  kept.forEach((name, at) => trail.writeUIntBE(stepOf(name, bytes), at * bytes, bytes))
  return trail
}

/** True where the trail leads all the way: deeper files are found only while the table knows them. */
export const isWholeTrail = (fields: HandleFields): boolean =>
  fields.trail.length === fields.depth * stepBytes(fields.depth)

/** `secret` is the machine's: nobody else makes a handle that is taken. */
export function encodeHandle(secret: Buffer, fields: HandleFields): Buffer {
  const handle = Buffer.alloc(trailAt + fields.trail.length)
  handle[0] = version
  handle[1] = Math.min(fields.depth, 255)
  handle.writeUInt32BE(fields.share, 2)
  handle.writeBigUInt64BE(BigInt.asUintN(64, fields.ino), 6)
  handle.writeUInt32BE(fields.birth, 14)
  fields.trail.copy(handle, trailAt)
  codeOf(secret, handle).copy(handle, codeAt)
  return handle
}

/** Nothing for a handle that was never given out with this secret. */
export function decodeHandle(secret: Buffer, handle: Buffer): HandleFields | undefined {
  if (handle.length < trailAt || handle.length > trailAt + maxTrailBytes || handle[0] !== version)
    return undefined
  if (!timingSafeEqual(codeOf(secret, handle), handle.subarray(codeAt, trailAt))) return undefined
  return {
    depth: handle[1] as number,
    share: handle.readUInt32BE(2),
    ino: handle.readBigUInt64BE(6),
    birth: handle.readUInt32BE(14),
    trail: Buffer.from(handle.subarray(trailAt)),
  }
}

function codeOf(secret: Buffer, handle: Buffer): Buffer {
  const hmac = createHmac('sha256', secret)
  hmac.update(handle.subarray(0, codeAt)).update(handle.subarray(trailAt))
  return hmac.digest().subarray(0, codeBytes)
}
