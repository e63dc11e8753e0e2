import { constants } from 'node:fs'
import { applyAttributes, safeMode } from './attribute-procedures'
import { fileType, type NewAttributes, readNewAttributes } from './file-attributes'
import { identityKey, lastingKey } from '../files/file-handle'
import {
  childOf,
  close,
  fchmod,
  fstat,
  ftruncate,
  type HostStat,
  link,
  lstat,
  mkdir,
  open,
  rename,
  rmdir,
  symlink,
  unlink,
} from '../files/host-files'
import { NfsError, nfsStatus } from './nfs-status'
import type { FileNode, Found } from '../files/node-table'
import { carefulFlags } from '../files/open-files'
import {
  changedFolder,
  describe,
  forgetFile,
  type NfsCall,
  type Procedure,
  readName,
  requireFolder,
  requireRights,
  requireWritable,
  resolveArg,
  type Served,
  writeAfter,
  writeFolderChange,
} from './served'
import { XdrWriter } from '../wire/xdr'

export const lookUp: Procedure = async (served, call) => {
  const folder = await resolveArg(served, call)
  const name = readName(call.args)
  requireFolder(folder)
  requireRights(served, folder, { who: call.who, need: 1 })
  const { node, stat } = await step(served, folder, name)
  const { share } = folder.node
  const out = writeAfter(new XdrWriter().opaque(node.handle), describe(served, share, stat))
  return writeAfter(out, describe(served, share, folder.stat))
}

/** One step from a folder. `..` of the share's root is the root: there is no way out. */
async function step(
  served: Served,
  folder: Found,
  name: string,
): Promise<{ node: FileNode; stat: HostStat }> {
  if (name === '.') return folder
  if (name === '..') return served.table.resolve(served.table.parentOf(folder.node).handle)
  const stat = await visible(served, childOf(folder.path, name))
  return { node: served.table.child(folder.node, name, stat), stat }
}

async function visible(served: Served, path: string): Promise<HostStat> {
  const stat = await lstat(path)
  if (served.isHidden(stat)) throw new NfsError(nfsStatus.acces)
  return stat
}

/** A thing was made: its handle, its attributes, and how the folder changed. */
async function writeMade(
  served: Served,
  folder: Found,
  made: { name: string; stat: HostStat },
): Promise<XdrWriter> {
  const node = served.table.child(folder.node, made.name, made.stat)
  served.echoes.changed(made.stat)
  const out = new XdrWriter().bool(true).opaque(node.handle)
  writeAfter(out, describe(served, folder.node.share, made.stat))
  return writeFolderChange(out, served, folder)
}

const createMode = { unchecked: 0, guarded: 1, exclusive: 2 } as const

export const create: Procedure = async (served, call) => {
  const { folder, name } = await changedFolder(served, call)
  const how = call.args.u32()
  const verifier = how === createMode.exclusive ? call.args.fixed(8).toString('hex') : undefined
  const wanted = verifier === undefined ? readNewAttributes(call.args) : {}
  const path = childOf(folder.path, name)
  const made = await makeFile(path, wanted)
  if (made) {
    served.durability.made(identityKey(made.stat))
    served.files.keep(made.stat, made.fd)
    await served.ownership.made(made.fd, made.stat, call.who)
    if (verifier !== undefined) served.exclusive.set(identityKey(made.stat), verifier)
    return writeMade(served, folder, { name, stat: await lstat(path) })
  }
  const stat = await visible(served, path)
  // The same client asks again for what it made: its first answer was lost.
  const isItsOwn = verifier !== undefined && served.exclusive.get(identityKey(stat)) === verifier
  if (how !== createMode.unchecked && !isItsOwn) throw new NfsError(nfsStatus.exist)
  if (!stat.isFile()) throw new NfsError(nfsStatus.exist)
  const node = served.table.child(folder.node, name, stat)
  if (wanted.size !== undefined) await emptyFile(served, { node, path, stat }, { call, size: wanted.size })
  return writeMade(served, folder, { name, stat: await lstat(path) })
}

/** Makes a file that is not there; nothing when something is. */
async function makeFile(
  path: string,
  wanted: NewAttributes,
): Promise<{ fd: number; stat: HostStat } | undefined> {
  const { O_CREAT, O_EXCL, O_RDWR } = constants
  const mode = safeMode(wanted.mode ?? 0o644, false)
  const fd = await open(path, O_CREAT | O_EXCL | O_RDWR | carefulFlags, mode).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    throw error
  })
  if (fd === undefined) return undefined
  try {
    if (wanted.size) await ftruncate(fd, Number(wanted.size))
    const stat = await fstat(fd)
    if (Number(stat.mode & 0o7777n) === mode) return { fd, stat }
    // The client took its own umask off already; ours must not take more.
    await fchmod(fd, mode)
    return { fd, stat: await fstat(fd) }
  } catch (error) {
    await close(fd).catch(() => undefined)
    throw error
  }
}

async function emptyFile(served: Served, found: Found, more: { call: NfsCall; size: bigint }): Promise<void> {
  requireRights(served, found, { who: more.call.who, need: 2 })
  await applyAttributes(served, found, { size: more.size })
}

export const makeFolder: Procedure = async (served, call) => {
  const { folder, name } = await changedFolder(served, call)
  const wanted = readNewAttributes(call.args)
  const path = childOf(folder.path, name)
  const mode = safeMode(wanted.mode ?? 0o755, true)
  await mkdir(path, mode)
  return finishMade(served, folder, { name, call, wanted: { ...wanted, mode } })
}

export const makeLink: Procedure = async (served, call) => {
  const { folder, name } = await changedFolder(served, call)
  readNewAttributes(call.args)
  const target = call.args.opaque(4096)
  if (target.length === 0 || target.includes(0)) throw new NfsError(nfsStatus.inval)
  await symlink(target, childOf(folder.path, name))
  return finishMade(served, folder, { name, call, wanted: {} })
}

/**
 * A socket or pipe stands on the host as an empty file, and the machine is told what it is: its two ends are in the
 * machine anyhow. Devices are never made.
 */
export const makeNode: Procedure = async (served, call) => {
  const { folder, name } = await changedFolder(served, call)
  const type = call.args.u32()
  if (type !== fileType.socket && type !== fileType.fifo) throw new NfsError(nfsStatus.notsupp)
  const wanted = readNewAttributes(call.args)
  const made = await makeFile(childOf(folder.path, name), { mode: wanted.mode ?? 0o644 })
  if (!made) throw new NfsError(nfsStatus.exist)
  await close(made.fd)
  served.facts.set(lastingKey(made.stat), { type })
  return finishMade(served, folder, { name, call, wanted: {} })
}

async function finishMade(
  served: Served,
  folder: Found,
  { name, call, wanted }: { name: string; call: NfsCall; wanted: NewAttributes },
): Promise<XdrWriter> {
  const path = childOf(folder.path, name)
  const stat = await lstat(path)
  const node = served.table.child(folder.node, name, stat)
  await served.ownership.made(path, stat, call.who)
  const { mode } = wanted
  if (mode !== undefined) await applyAttributes(served, { node, path, stat }, { mode })
  return writeMade(served, folder, { name, stat: await lstat(path) })
}

/** Sticky folders (`/tmp`) let only owners take things away. */
function requireMayRemove(served: Served, folder: Found, more: { stat: HostStat; call: NfsCall }): void {
  const isSticky = (folder.stat.mode & 0o1000n) !== 0n
  const { ownership } = served
  if (!isSticky || ownership.isOwner(folder.stat, more.call.who)) return
  if (!ownership.isOwner(more.stat, more.call.who)) throw new NfsError(nfsStatus.acces)
}

const removing =
  (isFolder: boolean): Procedure =>
  async (served, call) => {
    const { folder, name } = await changedFolder(served, call)
    const path = childOf(folder.path, name)
    const stat = await visible(served, path)
    requireMayRemove(served, folder, { stat, call })
    if (isFolder && !stat.isDirectory()) throw new NfsError(nfsStatus.notdir)
    if (!isFolder && stat.isDirectory()) throw new NfsError(nfsStatus.isdir)
    await (isFolder ? rmdir(path) : unlink(path))
    forgetFile(served, stat)
    served.echoes.removed(path)
    return writeFolderChange(new XdrWriter(), served, folder)
  }

export const remove = removing(false)
export const removeFolder = removing(true)

export const renameFile: Procedure = async (served, call) => {
  const from = await changedFolder(served, call)
  const to = await changedFolder(served, call)
  if (from.folder.node.share !== to.folder.node.share) throw new NfsError(nfsStatus.xdev)
  const [oldPath, newPath] = [childOf(from.folder.path, from.name), childOf(to.folder.path, to.name)]
  const stat = await visible(served, oldPath)
  const replaced = await lstat(newPath).catch(() => undefined)
  if (replaced && served.isHidden(replaced)) throw new NfsError(nfsStatus.acces)
  requireMayRemove(served, from.folder, { stat, call })
  if (replaced) requireMayRemove(served, to.folder, { stat: replaced, call })
  const node = served.table.child(from.folder.node, from.name, stat)
  await rename(oldPath, newPath)
  served.echoes.removed(oldPath)
  served.echoes.changed(await lstat(newPath))
  const isItself = replaced && identityKey(replaced) === identityKey(stat)
  if (replaced && !isItself) forgetFile(served, replaced)
  served.table.moved(
    node,
    { parent: from.folder.node, name: from.name },
    { parent: to.folder.node, name: to.name },
  )
  const out = await writeFolderChange(new XdrWriter(), served, from.folder)
  return writeFolderChange(out, served, to.folder)
}

export const linkFile: Procedure = async (served, call) => {
  const found = await resolveArg(served, call)
  const { folder, name } = await changedFolder(served, call)
  requireWritable(found.node.share)
  if (found.node.share !== folder.node.share) throw new NfsError(nfsStatus.xdev)
  if (found.stat.isDirectory()) throw new NfsError(nfsStatus.isdir)
  const path = childOf(folder.path, name)
  await link(found.path, path)
  const stat = await lstat(path)
  served.echoes.changed(stat)
  served.table.child(folder.node, name, stat)
  const out = writeAfter(new XdrWriter(), describe(served, folder.node.share, stat))
  return writeFolderChange(out, served, folder)
}
