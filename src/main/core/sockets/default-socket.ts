/** A link at the place where tools look that know of no context: `/var/run/docker.sock`. */
import { lstat, readlink, rename, rm, symlink } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { sep } from 'node:path'
import { AppError } from '../../../shared/errors'

export const defaultSocket = '/var/run/docker.sock'

export interface LinkPlace {
  /** Default: `/var/run/docker.sock`. */
  readonly link?: string
  /** The engine's socket that it leads to. */
  readonly target: string
  /** Sockets of Slipway's own are below this folder: a link to another of them may be turned. */
  readonly ownFolder: string
}

/**
 * `other`: it leads to another engine of Slipway's own. `foreign`: anything else, an engine of this host or another
 * tool's link, whether something answers there or not.
 */
export type LinkState = 'absent' | 'ours' | 'other' | 'foreign'

export async function linkState({ link = defaultSocket, target, ownFolder }: LinkPlace): Promise<LinkState> {
  const found = await lstat(link).catch(() => undefined)
  if (!found) return 'absent'
  if (!found.isSymbolicLink()) return 'foreign'
  const to = await readlink(link)
  if (to === target) return 'ours'
  return to.startsWith(ownFolder + sep) ? 'other' : 'foreign'
}

/**
 * Makes the link. What is another's stays, also one that leads nowhere now: its tool may be back tomorrow. Throws
 * `file.failed`, with the command that does it where this user may not: the folder is root's.
 */
export async function makeLink(place: LinkPlace): Promise<void> {
  const { link = defaultSocket, target } = place
  const state = await linkState(place)
  if (state === 'ours') return
  if (state === 'foreign') throw failed(link, 'in-use', undefined)
  const command = `sudo ln ${state === 'other' ? '-sfn' : '-s'} ${word(target)} ${word(link)}`
  try {
    // Over nothing the system itself refuses what came there meanwhile.
    if (state === 'absent') await symlink(target, link)
    else await turn(link, target)
  } catch (cause) {
    const reason = reasonOf(cause)
    throw reason === 'EEXIST' ? failed(link, 'in-use', undefined) : failed(link, reason, command)
  }
}

/** In one step: at no moment is there none. */
async function turn(link: string, target: string): Promise<void> {
  const beside = `${link}.${randomBytes(4).toString('hex')}`
  try {
    await symlink(target, beside)
    await rename(beside, link)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw error
  }
}

/** Takes away our own link and nothing else. */
export async function removeLink(place: LinkPlace): Promise<void> {
  const { link = defaultSocket } = place
  if ((await linkState(place)) !== 'ours') return
  await rm(link).catch((cause: unknown) => {
    throw failed(link, reasonOf(cause), `sudo rm ${word(link)}`)
  })
}

const reasonOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown'

const word = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

const failed = (path: string, reason: string, command: string | undefined): AppError =>
  new AppError('file.failed', `The link ${path} cannot be made: ${reason}`, {
    facts: { path, reason, ...(command && { command }) },
  })
