import type { Durability } from '../files/durability'
import type { Echoes } from '../files/echoes'
import { identityKey, lastingKey } from '../files/file-handle'
import { type Described, writeAttributes, writeBefore } from './file-attributes'
import type { GuestFacts } from '../files/guest-facts'
import { type HostStat, lstat } from '../files/host-files'
import type { Listings } from '../files/listings'
import type { NamespaceLock } from '../files/namespace-lock'
import { NfsError, nfsStatus } from './nfs-status'
import type { Found, NodeTable } from '../files/node-table'
import type { OpenFiles } from '../files/open-files'
import type { Ownership, Rights } from '../files/ownership'
import type { Credential } from '../wire/rpc-message'
import type { Recent } from '../files/recent'
import type { ShareRoot } from '../files/share-root'
import type { XdrReader, XdrWriter } from '../wire/xdr'

/** What the procedures of one machine's server work with. */
export interface Served {
  readonly table: NodeTable
  readonly files: OpenFiles
  readonly lock: NamespaceLock
  readonly ownership: Ownership
  readonly facts: GuestFacts
  readonly durability: Durability
  readonly echoes: Echoes
  readonly listings: Listings
  /** Files made by an exclusive CREATE and the client's word for it, so that it may ask again. */
  readonly exclusive: Recent<string>
  /** Folders of our own (keys, disks, tokens), which no machine may see whatever it shares. */
  readonly isHidden: (stat: HostStat) => boolean
}

export interface NfsCall {
  readonly args: XdrReader
  readonly who: Credential
}

/** Answers the result after a status of OK, or throws: `NfsError`, or the host's own error. */
export type Procedure = (served: Served, call: NfsCall) => Promise<XdrWriter>

export const maxHandleBytes = 64
const maxNameBytes = 255

export const resolveArg = (served: Served, { args }: NfsCall): Promise<Found> =>
  served.table.resolve(args.opaque(maxHandleBytes))

/** A name as a client gives it. It is one step, never a way. */
export function readName(args: XdrReader): string {
  const name = args.text(4096)
  if (Buffer.byteLength(name, 'latin1') > maxNameBytes) throw new NfsError(nfsStatus.nametoolong)
  if (name === '' || name.includes('/') || name.includes('\0')) throw new NfsError(nfsStatus.inval)
  if (process.platform === 'win32' && /[\\:]/.test(name)) throw new NfsError(nfsStatus.inval)
  return name
}

/** A folder that a client wants to change, and the name in it. */
export async function changedFolder(served: Served, call: NfsCall): Promise<{ folder: Found; name: string }> {
  const folder = await resolveArg(served, call)
  const name = readName(call.args)
  if (name === '.' || name === '..') throw new NfsError(nfsStatus.inval)
  requireFolder(folder)
  requireWritable(folder.node.share)
  requireRights(served, folder, { who: call.who, need: 3 })
  return { folder, name }
}

export function requireFolder(found: Found): void {
  if (!found.stat.isDirectory()) throw new NfsError(nfsStatus.notdir)
}

export function requireWritable(share: ShareRoot): void {
  if (share.isReadOnly) throw new NfsError(nfsStatus.rofs)
}

export function requireRights(
  served: Served,
  found: Found,
  { who, need }: { who: Credential; need: Rights },
): void {
  if (!served.ownership.isAllowed(found.stat, who, need)) throw new NfsError(nfsStatus.acces)
}

export const describe = (served: Served, share: ShareRoot, stat: HostStat): Described => ({
  stat,
  share,
  shown: served.ownership.shown(stat),
})

/** `post_op_attr`. */
export function writeAfter(out: XdrWriter, described: Described | undefined): XdrWriter {
  return described ? writeAttributes(out.bool(true), described) : out.bool(false)
}

/** `wcc_data` of a folder: what it was when the call came, and what it is now. */
export async function writeFolderChange(out: XdrWriter, served: Served, folder: Found): Promise<XdrWriter> {
  const after = await lstat(folder.path).catch(() => undefined)
  if (after) served.echoes.changed(after)
  writeBefore(out, folder.stat)
  return writeAfter(out, after && describe(served, folder.node.share, after))
}

/** What is known of a file that is gone is forgotten with it. */
export function forgetFile(served: Served, stat: HostStat): void {
  served.files.drop(identityKey(stat))
  if (stat.nlink <= 1n || stat.isDirectory()) served.facts.forget(lastingKey(stat))
}
