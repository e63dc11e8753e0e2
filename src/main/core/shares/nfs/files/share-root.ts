import { createHash } from 'node:crypto'
import type { BytePath } from './host-files'

/** A folder of the host that a machine sees. */
export interface ShareRoot {
  /** On the host, whole, without links in it. */
  readonly path: BytePath
  /** What the machine mounts it by: the path inside. */
  readonly guestPath: BytePath
  /** May change while it is mounted; the handles stay. */
  isReadOnly: boolean
  /** Names the share in handles, the same over restarts. */
  readonly tag: number
  /** Told to the client as the file system's id. */
  readonly fsid: bigint
  /** The disk that it is on: files of other disks inside get numbers of their own. */
  readonly dev: bigint
}

export function shareRoot(from: {
  path: BytePath
  guestPath: BytePath
  isReadOnly: boolean
  dev: bigint
}): ShareRoot {
  const hash = createHash('sha256').update(from.guestPath, 'latin1').digest()
  return { ...from, tag: hash.readUInt32BE(0), fsid: hash.readBigUInt64BE(4) }
}
