import type { HostStat } from '../files/host-files'
import type { Shown } from '../files/ownership'
import type { ShareRoot } from '../files/share-root'
import type { XdrReader, XdrWriter } from '../wire/xdr'

/** `ftype3` of RFC 1813. */
export const fileType = {
  regular: 1,
  folder: 2,
  block: 3,
  character: 4,
  link: 5,
  socket: 6,
  fifo: 7,
} as const

const second = 1_000_000_000n

/**
 * A modification time that means: the file changed on the host, tell who watches it. The guest's program sets it,
 * its kernel wakes the watchers, and we answer that it is done without touching the file. A second in the year
 * 2105 that no program means.
 */
export const changeMark = 4_277_009_421

function typeOf(stat: HostStat): number {
  if (stat.isFile()) return fileType.regular
  if (stat.isDirectory()) return fileType.folder
  if (stat.isSymbolicLink()) return fileType.link
  if (stat.isSocket()) return fileType.socket
  if (stat.isFIFO()) return fileType.fifo
  return stat.isBlockDevice() ? fileType.block : fileType.character
}

/** The number that the client knows a file by. Files of a disk that is mounted inside the share get one of their own. */
export function fileId(stat: HostStat, rootDev: bigint): bigint {
  if (stat.dev === rootDev) return stat.ino
  return BigInt.asUintN(64, stat.ino ^ (stat.dev * 0x9e37_79b9_7f4a_7c15n))
}

export interface Described {
  readonly stat: HostStat
  readonly share: ShareRoot
  readonly shown: Shown
}

/** `fattr3`. */
export function writeAttributes(out: XdrWriter, { stat, share, shown }: Described): XdrWriter {
  out.u32(shown.type ?? typeOf(stat)).u32(Number(stat.mode & 0o7777n))
  out.u32(Number(stat.nlink)).u32(shown.uid).u32(shown.gid)
  out
    .u64(stat.size)
    .u64(stat.blocks * 512n)
    .u32(0)
    .u32(0)
  out.u64(share.fsid).u64(fileId(stat, share.dev))
  return writeTimes(out, [stat.atimeNs, stat.mtimeNs, stat.ctimeNs])
}

/** Whole seconds since 1970 in 32 bits: until 2106; what lies before 1970 is shown as 1970. */
function writeTimes(out: XdrWriter, times: readonly bigint[]): XdrWriter {
  for (const time of times) {
    const known = time < 0n ? 0n : time
    out.u32(Number((known / second) & 0xffff_ffffn)).u32(Number(known % second))
  }
  return out
}

/** What a client compares with what it knows, to see whether somebody else changed the folder. */
export function writeBefore(out: XdrWriter, stat: HostStat | undefined): XdrWriter {
  if (!stat) return out.bool(false)
  return writeTimes(out.bool(true).u64(stat.size), [stat.mtimeNs, stat.ctimeNs])
}

/** A time to set: to the clock's, or to this, in seconds. */
export type NewTime = 'now' | { readonly seconds: number; readonly nanoseconds: number }

/** `sattr3`: only what is there is set. */
export interface NewAttributes {
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly size?: bigint
  readonly atime?: NewTime
  readonly mtime?: NewTime
}

export function readNewAttributes(args: XdrReader): NewAttributes {
  const mode = args.bool() ? args.u32() & 0o7777 : undefined
  const uid = args.bool() ? args.u32() : undefined
  const gid = args.bool() ? args.u32() : undefined
  const size = args.bool() ? args.u64() : undefined
  const atime = readNewTime(args)
  const mtime = readNewTime(args)
  return {
    ...(mode !== undefined && { mode }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    ...(size !== undefined && { size }),
    ...(atime && { atime }),
    ...(mtime && { mtime }),
  }
}

function readNewTime(args: XdrReader): NewTime | undefined {
  const how = args.u32()
  if (how === 1) return 'now'
  return how === 2 ? { seconds: args.u32(), nanoseconds: args.u32() } : undefined
}

export const isChangeMark = ({ mode, uid, gid, size, atime, mtime }: NewAttributes): boolean =>
  [mode, uid, gid, size, atime].every((field) => field === undefined) &&
  typeof mtime === 'object' &&
  mtime.seconds === changeMark
