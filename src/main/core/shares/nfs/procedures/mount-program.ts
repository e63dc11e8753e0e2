import { nfsStatus, statusOf } from './nfs-status'
import type { NodeTable } from '../files/node-table'
import type { RpcCall } from '../wire/rpc-message'
import type { ShareRoot } from '../files/share-root'
import { XdrWriter } from '../wire/xdr'

/** RFC 1813, appendix I. */
export const mountProgram = { program: 100005, version: 3 } as const

const procedures = { null: 0, mount: 1, dump: 2, unmount: 3, unmountAll: 4, exports: 5 } as const
export const hasMountProcedure = (procedure: number): boolean => procedure <= procedures.exports

const maxPathBytes = 1024
const authSys = 1

/** Gives the handle of a share's root for its path inside. What is mounted is not kept: a handle is all it takes. */
export async function runMount(
  call: RpcCall,
  { table, shares }: { table: NodeTable; shares: readonly ShareRoot[] },
): Promise<XdrWriter> {
  const out = new XdrWriter()
  if (call.procedure === procedures.mount) {
    const path = call.args.text(maxPathBytes)
    const share = shares.find((one) => one.guestPath === path)
    if (!share) return out.u32(nfsStatus.noent)
    try {
      const { node } = await table.root(share)
      return out.u32(nfsStatus.ok).opaque(node.handle).u32(1).u32(authSys)
    } catch (error) {
      return out.u32(statusOf(error))
    }
  }
  if (call.procedure === procedures.exports) {
    for (const share of shares) out.bool(true).text(share.guestPath).bool(false)
    return out.bool(false)
  }
  return call.procedure === procedures.dump ? out.bool(false) : out
}
