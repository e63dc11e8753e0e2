import { maxTransferBytes } from './attribute-procedures'
import { writeBefore } from './file-attributes'
import { fstat, read, write } from '../files/host-files'
import { NfsError, nfsStatus } from './nfs-status'
import type { FileNode } from '../files/node-table'
import type { OpenFile, Use } from '../files/open-files'
import {
  describe,
  maxHandleBytes,
  type NfsCall,
  type Procedure,
  requireWritable,
  type Served,
  writeAfter,
} from './served'
import { XdrWriter } from '../wire/xdr'

const stable = { unstable: 0, data: 1, file: 2 } as const

interface Held {
  readonly node: FileNode
  readonly file: OpenFile
}

/**
 * The file of a handle, open. A file that is open already was seen to be the handle's own, so it is not looked for
 * again: big reads cost one system call a block.
 */
async function hold(served: Served, handle: Buffer, use: Use): Promise<Held> {
  const node = served.table.known(handle)
  const file = node && served.files.acquireKnown(node.key, use)
  if (node && file) return { node, file }
  return served.lock.shared(async () => {
    const found = await served.table.resolve(handle)
    return { node: found.node, file: await served.files.acquire(found, use) }
  })
}

/** Number of a byte's place that the system takes. */
function placeOf(offset: bigint): number {
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) throw new NfsError(nfsStatus.fbig)
  return Number(offset)
}

export const readFile: Procedure = async (served, { args, who }) => {
  const handle = args.opaque(maxHandleBytes)
  const [offset, count] = [args.u64(), Math.min(args.u32(), maxTransferBytes)]
  const { node, file } = await hold(served, handle, 'read')
  try {
    const stat = await fstat(file.fd)
    // Who may run a program may have it read, which the client does for him.
    const may = [4, 1].some((need) => served.ownership.isAllowed(stat, who, need))
    if (!may) throw new NfsError(nfsStatus.acces)
    const left = stat.size > offset ? stat.size - offset : 0n
    const wanted = left < BigInt(count) ? Number(left) : count
    const into = Buffer.allocUnsafe(wanted)
    const got = wanted === 0 ? 0 : await read(file.fd, into, offset)
    const out = writeAfter(new XdrWriter(), describe(served, node.share, stat))
    return out
      .u32(got)
      .bool(offset + BigInt(got) >= stat.size)
      .data(into.subarray(0, got))
  } finally {
    served.files.release(file)
  }
}

export const writeFile: Procedure = async (served, { args, who }) => {
  const handle = args.opaque(maxHandleBytes)
  const [offset, count, how] = [args.u64(), args.u32(), args.u32()]
  const data = args.opaque(maxTransferBytes)
  if (count > data.length) throw new NfsError(nfsStatus.inval)
  const { node, file } = await hold(served, handle, 'write')
  try {
    requireWritable(node.share)
    if (!served.ownership.isAllowed(await fstat(file.fd), who, 2)) throw new NfsError(nfsStatus.acces)
    await writeAll(file.fd, data.subarray(0, count), placeOf(offset))
    if (how !== stable.unstable) await served.durability.save(file)
    const stat = await fstat(file.fd)
    served.echoes.changed(stat)
    const out = writeAfter(writeBefore(new XdrWriter(), undefined), describe(served, node.share, stat))
    out.u32(count).u32(how === stable.unstable ? stable.unstable : stable.file)
    return out.fixed(served.durability.verifier)
  } finally {
    served.files.release(file)
  }
}

async function writeAll(fd: number, data: Buffer, place: number): Promise<void> {
  for (let done = 0; done < data.length;) done += await write(fd, data.subarray(done), place + done)
}

export const commit: Procedure = async (served, call: NfsCall) => {
  const { node, file } = await hold(served, call.args.opaque(maxHandleBytes), 'write')
  try {
    await served.durability.save(file)
    const after = describe(served, node.share, await fstat(file.fd))
    const out = writeAfter(writeBefore(new XdrWriter(), undefined), after)
    return out.fixed(served.durability.verifier)
  } finally {
    served.files.release(file)
  }
}
