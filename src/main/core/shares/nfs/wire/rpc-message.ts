import { XdrError, XdrReader, XdrWriter } from './xdr'

/** Who asks, by his own word (AUTH_SYS): the VM's kernel says it, and whoever is root there says what he likes. */
export interface Credential {
  readonly uid: number
  readonly gid: number
  readonly gids: readonly number[]
}

export interface RpcCall {
  readonly xid: number
  readonly program: number
  readonly version: number
  readonly procedure: number
  readonly credential: Credential
  readonly args: XdrReader
}

const callMessage = 0
const replyMessage = 1
const rpcVersion = 2
const authNone = 0
const authSys = 1
/** RFC 5531: the body of a credential or verifier. */
const maxAuthBytes = 400
const maxGroups = 16

const nobody: Credential = { uid: 65534, gid: 65534, gids: [] }

/** Accept states of RFC 5531. */
export const accepted = {
  success: 0,
  programUnavailable: 1,
  programMismatch: 2,
  procedureUnavailable: 3,
  garbageArguments: 4,
  systemError: 5,
} as const

/** A call, or the reply that a call gets which we cannot serve; nothing for what is no call at all. */
export function readCall(record: Buffer): { call: RpcCall } | { reply: XdrWriter } | undefined {
  const args = new XdrReader(record)
  try {
    const xid = args.u32()
    if (args.u32() !== callMessage) return undefined
    if (args.u32() !== rpcVersion) return { reply: deniedVersion(xid) }
    const [program, version, procedure] = [args.u32(), args.u32(), args.u32()]
    const credential = readCredential(args)
    args.u32()
    args.opaque(maxAuthBytes)
    if (!credential) return { reply: deniedCredential(xid) }
    return { call: { xid, program, version, procedure, credential, args } }
  } catch (error) {
    if (error instanceof XdrError) return undefined
    throw error
  }
}

function readCredential(args: XdrReader): Credential | undefined {
  const flavor = args.u32()
  const body = args.opaque(maxAuthBytes)
  if (flavor === authNone) return nobody
  if (flavor !== authSys) return undefined
  const fields = new XdrReader(body)
  fields.u32()
  fields.opaque(255)
  const [uid, gid, count] = [fields.u32(), fields.u32(), fields.u32()]
  if (count > maxGroups) return undefined
  return { uid, gid, gids: Array.from({ length: count }, () => fields.u32()) }
}

/** The head of a reply that was accepted: what the procedure answers comes after it. */
export function acceptedReply(xid: number, state: number): XdrWriter {
  return new XdrWriter().u32(xid).u32(replyMessage).u32(0).u32(authNone).u32(0).u32(state)
}

/** Says which versions of the program there are: this one only. */
export function mismatchReply(xid: number, version: number): XdrWriter {
  return acceptedReply(xid, accepted.programMismatch).u32(version).u32(version)
}

const deniedVersion = (xid: number): XdrWriter =>
  new XdrWriter().u32(xid).u32(replyMessage).u32(1).u32(0).u32(rpcVersion).u32(rpcVersion)

/** AUTH_ERROR, AUTH_REJECTEDCRED. */
const deniedCredential = (xid: number): XdrWriter =>
  new XdrWriter().u32(xid).u32(replyMessage).u32(1).u32(1).u32(2)
