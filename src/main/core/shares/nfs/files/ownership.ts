import type { Credential } from '../wire/rpc-message'
import { access, type BytePath, fchown, type HostStat, lchown } from './host-files'
import type { GuestFacts } from './guest-facts'
import { constants } from 'node:fs'
import { lastingKey } from './file-handle'

/** Whose a file is in the machine. `type` is there where the machine takes it for another kind than the host. */
export interface Shown {
  readonly uid: number
  readonly gid: number
  readonly type?: number
}

/** Read 4, write 2, run 1: the bits of a mode. */
export type Rights = number

/** Who owns what, inside against outside. */
export interface Ownership {
  shown(stat: HostStat): Shown
  /** What this caller is told that he may do. */
  rights(file: { path: BytePath; stat: HostStat }, who: Credential): Promise<Rights>
  /** Whether he may; an owner always may use what he owns, as he may have opened it before its mode said no. */
  isAllowed(stat: HostStat, who: Credential, need: Rights): boolean
  /** Whether he may set its mode, owner and times, and take it out of a folder where that is kept to owners. */
  isOwner(stat: HostStat, who: Credential): boolean
  /** A file was just made by this caller: `target` is it, open or by its path. */
  made(target: number | BytePath, stat: HostStat, who: Credential): Promise<void>
  change(path: BytePath, stat: HostStat, to: { uid?: number; gid?: number }): Promise<void>
}

/**
 * For a core that is one person, not root: every file is reached with this person's rights, whoever asks inside.
 * What is theirs is shown as root's, as containers run as root mostly; an owner that was set inside (by `chown`, or
 * by who made the file) is remembered for the machine and never touches the host.
 */
export function personOwnership(facts: GuestFacts, me: { uid: number; gid: number }): Ownership {
  const mine = BigInt(me.uid)
  return {
    shown(stat) {
      const known = facts.of(lastingKey(stat))
      const isMine = stat.uid === mine
      return {
        uid: known?.uid ?? (isMine ? 0 : Number(stat.uid)),
        gid: known?.gid ?? (isMine ? 0 : Number(stat.gid)),
        ...(known?.type !== undefined && { type: known.type }),
      }
    },
    async rights({ path, stat }, who) {
      if (stat.uid !== mine) return stat.isSymbolicLink() ? 7 : reach(path)
      const mode = Number(stat.mode >> 6n) & 7
      if (who.uid !== 0) return mode
      // Root reads and writes all, and runs what anybody may run.
      return 6 | (stat.isDirectory() || (stat.mode & 0o111n) !== 0n ? 1 : 0)
    },
    // The host's own rules for this person decide.
    isAllowed: () => true,
    isOwner: () => true,
    made(_target, stat, who) {
      if (who.uid !== 0 || who.gid !== 0) facts.set(lastingKey(stat), { uid: who.uid, gid: who.gid })
      return Promise.resolve()
    },
    change(_path, stat, to) {
      facts.set(lastingKey(stat), to)
      return Promise.resolve()
    },
  }
}

/** For a core that is root: owners inside are the owners outside, and a mode means what it says. */
export function realOwnership(facts: GuestFacts): Ownership {
  return {
    shown(stat) {
      const type = facts.of(lastingKey(stat))?.type
      return { uid: Number(stat.uid), gid: Number(stat.gid), ...(type !== undefined && { type }) }
    },
    rights: ({ stat }, who) => Promise.resolve(modeRights(stat, who)),
    isAllowed: (stat, who, need) => (isOwner(stat, who) ? true : (modeRights(stat, who) & need) === need),
    isOwner,
    made: async (target, stat, who) => {
      // A folder that hands its group on has done so: the file's group is not this process's.
      const gid = stat.gid === BigInt(process.getegid?.() ?? 0) ? who.gid : Number(stat.gid)
      if (stat.uid === BigInt(who.uid) && stat.gid === BigInt(gid)) return
      await (typeof target === 'number' ? fchown(target, who.uid, gid) : lchown(target, who.uid, gid))
    },
    change: (path, stat, { uid = Number(stat.uid), gid = Number(stat.gid) }) => lchown(path, uid, gid),
  }
}

const isOwner = (stat: HostStat, who: Credential): boolean => who.uid === 0 || BigInt(who.uid) === stat.uid

export function modeRights(stat: HostStat, who: Credential): Rights {
  const mode = Number(stat.mode)
  if (who.uid === 0) return 6 | (stat.isDirectory() || (mode & 0o111) !== 0 ? 1 : 0)
  if (BigInt(who.uid) === stat.uid) return (mode >> 6) & 7
  const isInGroup = [who.gid, ...who.gids].some((gid) => BigInt(gid) === stat.gid)
  return isInGroup ? (mode >> 3) & 7 : mode & 7
}

/** What this process may do with a file of somebody else. */
async function reach(path: BytePath): Promise<Rights> {
  const may = async (mode: number, right: Rights): Promise<Rights> =>
    access(path, mode).then(
      () => right,
      () => 0,
    )
  const [read, write, run] = await Promise.all([
    may(constants.R_OK, 4),
    may(constants.W_OK, 2),
    may(constants.X_OK, 1),
  ])
  return read | write | run
}
