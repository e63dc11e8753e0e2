import { type Listing, type ListedName } from '../files/listings'
import { fileId } from './file-attributes'
import { childOf, type HostStat, lstat } from '../files/host-files'
import { NfsError, nfsStatus } from './nfs-status'
import type { Found } from '../files/node-table'
import {
  describe,
  type Procedure,
  requireFolder,
  requireRights,
  resolveArg,
  type Served,
  writeAfter,
} from './served'
import { XdrWriter } from '../wire/xdr'

/** Files that are asked at once: the pool of file calls is small and shared with all of core. */
const batch = 16
/** What a reply needs beside its entries. */
const replyBytes = 128
const maxListingBytes = 1_048_576

interface Wish {
  readonly cookie: bigint
  /** Of the whole result. */
  readonly maxBytes: number
  /** Of names alone: READDIRPLUS has both bounds. */
  readonly maxNameBytes: number
  readonly hasAttributes: boolean
}

export const listNames: Procedure = async (served, call) => {
  const folder = await resolveArg(served, call)
  const cookie = readCookie(call.args)
  const maxBytes = Math.min(call.args.u32(), maxListingBytes)
  return list(served, folder, {
    who: call.who,
    cookie,
    maxBytes,
    maxNameBytes: maxBytes,
    hasAttributes: false,
  })
}

export const listFiles: Procedure = async (served, call) => {
  const folder = await resolveArg(served, call)
  const cookie = readCookie(call.args)
  const maxNameBytes = call.args.u32()
  const maxBytes = Math.min(call.args.u32(), maxListingBytes)
  return list(served, folder, { who: call.who, cookie, maxBytes, maxNameBytes, hasAttributes: true })
}

/** The verifier after it stays unused: a cookie means a name, and goes on to mean it when others come and go. */
function readCookie(args: { u64(): bigint; fixed(length: number): Buffer }): bigint {
  const cookie = args.u64()
  args.fixed(8)
  return cookie
}

type Who = Parameters<Procedure>[1]['who']

async function list(served: Served, folder: Found, wish: Wish & { who: Who }): Promise<XdrWriter> {
  requireFolder(folder)
  requireRights(served, folder, { who: wish.who, need: 4 })
  const listing = await served.listings.of(folder)
  const out = writeAfter(new XdrWriter(), describe(served, folder.node.share, folder.stat))
  out.fixed(Buffer.alloc(8))
  const isWhole = await writeEntries(out, { served, folder, listing, wish })
  return out.bool(false).bool(isWhole)
}

interface Writing {
  readonly served: Served
  readonly folder: Found
  readonly listing: Listing
  readonly wish: Wish
}

/** Writes entries after the cookie as long as there is room. True when the last one is written. */
async function writeEntries(out: XdrWriter, { served, folder, listing, wish }: Writing): Promise<boolean> {
  let nameBytes = 0
  let count = 0
  for (let at = listing.after(wish.cookie); at < listing.names.length; at += batch) {
    const listed = listing.names.slice(at, at + batch)
    const stats = await Promise.all(listed.map((one) => statOf(served, folder, one)))
    for (const [index, stat] of stats.entries()) {
      const one = listed[index]
      if (!one || !stat) continue
      const entry = new XdrWriter()
      writeEntry(entry, { served, folder, wish }, { ...one, stat })
      nameBytes += 24 + one.name.length
      const isFull = out.length + entry.length + replyBytes > wish.maxBytes || nameBytes > wish.maxNameBytes
      if (isFull && count === 0) throw new NfsError(nfsStatus.tooSmall)
      if (isFull) return false
      out.append(entry)
      count++
    }
  }
  return true
}

/** A name that went meanwhile is left out, and so are our own folders. */
async function statOf(served: Served, folder: Found, { name }: ListedName): Promise<HostStat | undefined> {
  if (name === '.') return folder.stat
  if (name === '..') return parentStat(served, folder)
  const stat = await lstat(childOf(folder.path, name)).catch(() => undefined)
  return stat && !served.isHidden(stat) ? stat : undefined
}

async function parentStat(served: Served, folder: Found): Promise<HostStat> {
  const parent = served.table.parentOf(folder.node)
  if (parent === folder.node) return folder.stat
  return served.table.resolve(parent.handle).then(
    (found) => found.stat,
    () => folder.stat,
  )
}

function writeEntry(
  out: XdrWriter,
  { served, folder, wish }: Omit<Writing, 'listing'>,
  { name, cookie, stat }: ListedName & { stat: HostStat },
): void {
  const { share } = folder.node
  out.bool(true).u64(fileId(stat, share.dev)).text(name).u64(cookie)
  if (!wish.hasAttributes) return
  // The folder's own entries are known by other ways; a handle for them would only take room.
  if (name === '.' || name === '..') {
    out.bool(false).bool(false)
    return
  }
  writeAfter(out, describe(served, share, stat))
  out.bool(true).opaque(served.table.child(folder.node, name, stat).handle)
}
