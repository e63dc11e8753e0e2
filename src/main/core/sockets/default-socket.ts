/** A link at the place where tools look that know of no context: `/var/run/docker.sock`. */
import { lstat, readlink, rename, rm, symlink } from 'node:fs/promises'
import net from 'node:net'
import { randomBytes } from 'node:crypto'
import { AppError } from '../../../shared/errors'

export const defaultSocket = '/var/run/docker.sock'

export interface LinkPlace {
  /** Default: `/var/run/docker.sock`. */
  readonly link?: string
  /** The engine's socket that it leads to. */
  readonly target: string
}

/** `foreign`: something else is there, an engine of this host or another tool's link. */
export async function linkState({
  link = defaultSocket,
  target,
}: LinkPlace): Promise<'absent' | 'ours' | 'foreign'> {
  const found = await lstat(link).catch(() => undefined)
  if (!found) return 'absent'
  return found.isSymbolicLink() && (await readlink(link)) === target ? 'ours' : 'foreign'
}

/**
 * Makes the link. What answers there is never replaced; a link that leads nowhere is. Throws `file.failed` with
 * the command that does it where this user may not: the folder is root's.
 */
export async function makeLink(place: LinkPlace): Promise<void> {
  const { link = defaultSocket, target } = place
  const state = await linkState(place)
  if (state === 'ours') return
  if (state === 'foreign' && (await isInUse(link))) throw failed(link, 'in-use', undefined)
  const beside = `${link}.${randomBytes(4).toString('hex')}`
  try {
    await symlink(target, beside)
    await rename(beside, link)
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw failed(
      link,
      (cause as NodeJS.ErrnoException).code ?? 'unknown',
      `sudo ln -sfn ${word(target)} ${word(link)}`,
    )
  }
}

/** Takes away our own link and nothing else. */
export async function removeLink(place: LinkPlace): Promise<void> {
  const { link = defaultSocket } = place
  if ((await linkState(place)) !== 'ours') return
  await rm(link).catch((cause: NodeJS.ErrnoException) => {
    throw failed(link, cause.code ?? 'unknown', `sudo rm ${word(link)}`)
  })
}

/** Whether an engine answers behind it, or it is no socket and no link at all. */
async function isInUse(path: string): Promise<boolean> {
  const found = await lstat(path)
  if (!found.isSymbolicLink() && !found.isSocket()) return true
  return new Promise((resolve) => {
    const socket = net.connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT' && code !== 'ENOTSOCK'),
    )
  })
}

const word = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

const failed = (path: string, reason: string, command: string | undefined): AppError =>
  new AppError('file.failed', `The link ${path} cannot be made: ${reason}`, {
    facts: { path, reason, ...(command && { command }) },
  })
