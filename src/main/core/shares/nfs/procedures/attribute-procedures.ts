import {
  isChangeMark,
  type NewAttributes,
  type NewTime,
  readNewAttributes,
  writeAttributes,
  writeBefore,
} from './file-attributes'
import { chmod, ftruncate, type HostStat, linkTarget, lstat, lutimes, statfs } from '../files/host-files'
import { NfsError, nfsStatus } from './nfs-status'
import type { Found } from '../files/node-table'
import {
  describe,
  type Procedure,
  requireRights,
  requireWritable,
  resolveArg,
  type Served,
  writeAfter,
} from './served'
import { XdrWriter } from '../wire/xdr'

/** The biggest block in one message: fewer round trips through the tunnel, and memory stays bounded. */
export const maxTransferBytes = 1_048_576
const preferredListingBytes = 65_536

export const getAttributes: Procedure = async (served, call) => {
  const { node, stat } = await resolveArg(served, call)
  return writeAttributes(new XdrWriter(), describe(served, node.share, stat))
}

export const setAttributes: Procedure = async (served, call) => {
  const found = await resolveArg(served, call)
  const wanted = readNewAttributes(call.args)
  if (call.args.bool()) requireUnchanged(found.stat, call.args.u32(), call.args.u32())
  const isMark = isChangeMark(wanted)
  if (!isMark) {
    requireWritable(found.node.share)
    requireMayChange(served, found, { who: call.who, wanted })
    await applyAttributes(served, found, wanted)
  }
  const after = await lstat(found.path)
  if (!isMark) served.echoes.changed(after)
  return writeAfter(writeBefore(new XdrWriter(), found.stat), describe(served, found.node.share, after))
}

function requireUnchanged(stat: HostStat, seconds: number, nanoseconds: number): void {
  const guard = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
  if (stat.ctimeNs !== guard) throw new NfsError(nfsStatus.notSync)
}

function requireMayChange(
  served: Served,
  found: Found,
  { who, wanted }: { who: Parameters<Procedure>[1]['who']; wanted: NewAttributes },
): void {
  const { ownership } = served
  if (wanted.size !== undefined) requireRights(served, found, { who, need: 2 })
  const { mode, uid, gid, atime, mtime } = wanted
  const isOwnersChange =
    [mode, uid, gid].some((field) => field !== undefined) ||
    [atime, mtime].some((time) => typeof time === 'object')
  if (isOwnersChange && !ownership.isOwner(found.stat, who)) throw new NfsError(nfsStatus.perm)
  // Setting a time to now is for whoever may write.
  const isTouch = atime === 'now' || mtime === 'now'
  if (isTouch) requireRights(served, found, { who, need: 2 })
}

/** Names must be kept still meanwhile. */
export async function applyAttributes(served: Served, found: Found, wanted: NewAttributes): Promise<void> {
  const { path, stat } = found
  const { uid, gid, mode, size, atime, mtime } = wanted
  if (size !== undefined) await truncate(served, found, size)
  if (uid !== undefined || gid !== undefined)
    await served.ownership.change(path, stat, {
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    })
  // `chmod` follows links; a link's own mode means nothing.
  if (mode !== undefined && !stat.isSymbolicLink()) await chmod(path, safeMode(mode, stat.isDirectory()))
  if (atime ?? mtime) await lutimes(path, secondsOf(atime, stat.atimeNs), secondsOf(mtime, stat.mtimeNs))
}

/**
 * Without set-user and set-group: a container that has a folder of a person's may not leave a program there which
 * runs as that person for whoever calls it.
 */
export const safeMode = (mode: number, isFolder: boolean): number => mode & (isFolder ? 0o3777 : 0o1777)

function secondsOf(time: NewTime | undefined, known: bigint): number {
  if (time === undefined) return Number(known) / 1e9
  return time === 'now' ? Date.now() / 1000 : time.seconds + time.nanoseconds / 1e9
}

async function truncate(served: Served, found: Found, size: bigint): Promise<void> {
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw new NfsError(nfsStatus.fbig)
  const file = await served.files.acquire(found, 'write')
  try {
    await ftruncate(file.fd, Number(size))
  } finally {
    served.files.release(file)
  }
}

const accessBits = { read: 1, lookup: 2, modify: 4, extend: 8, remove: 16, execute: 32 } as const

export const checkAccess: Procedure = async (served, call) => {
  const found = await resolveArg(served, call)
  const asked = call.args.u32()
  const rights = await served.ownership.rights(found, call.who)
  const isFolder = found.stat.isDirectory()
  let granted = 0
  if (rights & 4) granted |= accessBits.read
  if (rights & 2 && !found.node.share.isReadOnly)
    granted |= accessBits.modify | accessBits.extend | (isFolder ? accessBits.remove : 0)
  if (rights & 1) granted |= isFolder ? accessBits.lookup : accessBits.execute
  const out = writeAfter(new XdrWriter(), describe(served, found.node.share, found.stat))
  return out.u32(asked & granted)
}

/** The link's text as it stands: the client follows it in its own tree, this side never does. */
export const readLink: Procedure = async (served, call) => {
  const { node, path, stat } = await resolveArg(served, call)
  if (!stat.isSymbolicLink()) throw new NfsError(nfsStatus.inval)
  const target = await linkTarget(path)
  return writeAfter(new XdrWriter(), describe(served, node.share, stat)).opaque(target)
}

export const fileSystemSpace: Procedure = async (served, call) => {
  const { node, path, stat } = await resolveArg(served, call)
  const space = await statfs(path)
  const out = writeAfter(new XdrWriter(), describe(served, node.share, stat))
  for (const blocks of [space.blocks, space.bfree, space.bavail]) out.u64(blocks * space.bsize)
  return out.u64(space.files).u64(space.ffree).u64(space.ffree).u32(0)
}

/** FSF3_LINK, FSF3_SYMLINK, FSF3_HOMOGENEOUS, FSF3_CANSETTIME. */
const abilities = 0x1b

export const fileSystemFacts: Procedure = async (served, call) => {
  const { node, stat } = await resolveArg(served, call)
  const out = writeAfter(new XdrWriter(), describe(served, node.share, stat))
  for (let both = 0; both < 2; both++) out.u32(maxTransferBytes).u32(maxTransferBytes).u32(4096)
  out.u32(preferredListingBytes).u64(Number.MAX_SAFE_INTEGER)
  // Times are set to the microsecond.
  return out.u32(0).u32(1_000).u32(abilities)
}

export const pathFacts: Procedure = async (served, call) => {
  const { node, stat } = await resolveArg(served, call)
  const out = writeAfter(new XdrWriter(), describe(served, node.share, stat))
  const isCaseBlind = process.platform === 'darwin' || process.platform === 'win32'
  return out.u32(32_000).u32(255).bool(true).bool(true).bool(isCaseBlind).bool(true)
}
