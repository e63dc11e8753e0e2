/** `nfsstat3` of RFC 1813, section 2.6. */
export const nfsStatus = {
  ok: 0,
  perm: 1,
  noent: 2,
  io: 5,
  nxio: 6,
  acces: 13,
  exist: 17,
  xdev: 18,
  nodev: 19,
  notdir: 20,
  isdir: 21,
  inval: 22,
  fbig: 27,
  nospc: 28,
  rofs: 30,
  mlink: 31,
  nametoolong: 63,
  notempty: 66,
  dquot: 69,
  stale: 70,
  badhandle: 10001,
  notSync: 10002,
  badCookie: 10003,
  notsupp: 10004,
  tooSmall: 10005,
  serverFault: 10006,
  badType: 10007,
  jukebox: 10008,
} as const

export type NfsStatus = (typeof nfsStatus)[keyof typeof nfsStatus]

/** A call that is answered with a status and no result. */
export class NfsError extends Error {
  override readonly name = 'NfsError'

  constructor(readonly status: NfsStatus) {
    super(`NFS status ${status}`)
  }
}

const byErrno: Readonly<Record<string, NfsStatus>> = {
  EPERM: nfsStatus.perm,
  ENOENT: nfsStatus.noent,
  ENXIO: nfsStatus.nxio,
  EACCES: nfsStatus.acces,
  EEXIST: nfsStatus.exist,
  EXDEV: nfsStatus.xdev,
  ENODEV: nfsStatus.nodev,
  ENOTDIR: nfsStatus.notdir,
  EISDIR: nfsStatus.isdir,
  EINVAL: nfsStatus.inval,
  EFBIG: nfsStatus.fbig,
  ENOSPC: nfsStatus.nospc,
  EROFS: nfsStatus.rofs,
  EMLINK: nfsStatus.mlink,
  ENAMETOOLONG: nfsStatus.nametoolong,
  ENOTEMPTY: nfsStatus.notempty,
  EDQUOT: nfsStatus.dquot,
  ENOTSUP: nfsStatus.notsupp,
  EOPNOTSUPP: nfsStatus.notsupp,
  ENOSYS: nfsStatus.notsupp,
  // A link where a folder or file was: the handle's object is no more.
  ELOOP: nfsStatus.stale,
  // The client waits and asks again, until files were closed.
  EMFILE: nfsStatus.jukebox,
  ENFILE: nfsStatus.jukebox,
  EBUSY: nfsStatus.acces,
  ETXTBSY: nfsStatus.acces,
}

/** What of a host's error the client is told; a bug of ours is SERVERFAULT. */
export function statusOf(thrown: unknown): NfsStatus {
  if (thrown instanceof NfsError) return thrown.status
  const code = thrown instanceof Error ? (thrown as NodeJS.ErrnoException).code : undefined
  if (code === undefined) return nfsStatus.serverFault
  return byErrno[code] ?? nfsStatus.io
}
