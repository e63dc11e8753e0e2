import { posix } from 'node:path'

/** What the machine itself lives by: a share over it would hide it. */
const guestsOwn = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/inject',
  '/lib',
  '/lib64',
  '/proc',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
  '/var/lib/slipway',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/run',
]

/** Folders of the guest that hold more than one thing: what is below may be a share, they may not. */
const guestsShared = ['/', '/tmp', '/var', '/var/lib']

/** The longest that the mount protocol takes. */
const maxPathBytes = 1024

/**
 * Where a folder of the host stands in a machine: at the same path, so that `-v $PWD:/app` means what it says. A
 * drive of Windows becomes a folder, as Docker's own tools write it: `C:\Users\me` is `/c/Users/me`.
 */
export function guestPathOf(path: string, platform: NodeJS.Platform = process.platform): string {
  const plain = platform === 'win32' ? windowsPath(path) : path
  const normal = posix.normalize(plain)
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal
}

function windowsPath(path: string): string {
  const [, drive, rest = ''] = /^([A-Za-z]):[\\/]?(.*)$/.exec(path) ?? []
  const slashed = (drive === undefined ? path : rest).replaceAll('\\', '/')
  return drive === undefined ? slashed : `/${drive.toLowerCase()}/${slashed}`
}

/** Where a path below a folder of the host is in a machine, by where the folder is there. */
export function movedBelow(
  folder: { readonly hostPath: string; readonly guestPath: string },
  path: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const below = path.slice(folder.hostPath.length)
  // Only where it separates: on Linux a name may hold it.
  return folder.guestPath + (platform === 'win32' ? below.replaceAll('\\', '/') : below)
}

/** Why a folder cannot stand in a machine; nothing when it can. */
export function shareProblem(guestPath: string): 'not-absolute' | 'too-long' | 'guests-own' | undefined {
  if (!guestPath.startsWith('/') || /[\n\0]/.test(guestPath)) return 'not-absolute'
  if (Buffer.byteLength(guestPath) > maxPathBytes) return 'too-long'
  const isOwn = guestsOwn.some((own) => guestPath === own || guestPath.startsWith(`${own}/`))
  return isOwn || guestsShared.includes(guestPath) ? 'guests-own' : undefined
}

export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
