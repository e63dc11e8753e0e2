import { lstat, mkdir, readFile, readlink, realpath, rename, rm, rmdir, unlink } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { AppError, toWire } from '../../../shared/errors'
import type { StayingPath } from '../../../shared/model'
import { lookAt } from './look'
import type { Ours } from './ours'

/** What a reset could not take away, and what it left on purpose. */
export class Told {
  readonly failed: { readonly path: string; readonly reason: string }[] = []
  readonly stays: StayingPath[] = []

  stay(path: string, why: StayingPath['why']): void {
    this.stays.push({ path, why })
  }

  fail(path: string, reason: string): void {
    this.failed.push({ path, reason })
  }

  /** Does one piece; that it fails keeps nobody from the next. Answers whether it was done. */
  async attempt(path: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (thrown) {
      const { code = toWire(thrown).code, path: own } = thrown as NodeJS.ErrnoException
      const facts = thrown instanceof AppError ? thrown.facts : {}
      this.fail(String(facts['path'] ?? own ?? path), String(facts['reason'] ?? code))
      return false
    }
  }
}

/** Takes away what is ours in a folder, then the folder if nothing else is in it. */
export async function removeOurs(dir: string, ours: Ours, told: Told): Promise<void> {
  const looked = await lookAt(dir, ours)
  for (const path of looked.links) told.fail(path, 'link')
  for (const path of looked.foreign) told.stay(path, 'foreign')
  for (const path of looked.ours) await removeWhole(path, told)
  for (const folder of looked.folders) await removeEmpty(folder)
}

/** Takes away a file or a folder with all that is in it. A link goes as such: what it led to stays. */
export async function removeWhole(path: string, told: Told): Promise<void> {
  await told.attempt(path, async () => {
    const found = await lstat(path).catch(() => undefined)
    if (!found) return
    if (found.isSymbolicLink()) {
      const target = await targetOf(path)
      await unlink(path)
      told.stay(target, 'link')
      return
    }
    if (found.isDirectory()) await mustNotBeMounted(path)
    await rm(path, { recursive: true, force: true, maxRetries: 3 })
  })
}

const isLink = async (path: string): Promise<boolean> => (await lstat(path)).isSymbolicLink()
const targetOf = async (link: string): Promise<string> => resolve(dirname(link), await readlink(link))

/** A folder of the person's may be mounted in there by a container: deleting would go through it. */
export async function mustNotBeMounted(folder: string): Promise<void> {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  const points = text.split('\n').map((line) => plain(line.split(' ')[4] ?? ''))
  const real = await realpath(folder).catch(() => folder)
  const point = points.find((each) => each === real || each.startsWith(`${real}/`))
  if (point === undefined) return
  const facts = { path: point, reason: 'mounted' }
  throw new AppError('file.failed', `${point} is mounted`, { facts })
}

/** The kernel writes blanks and the like as `\040`. */
const plain = (text: string): string =>
  text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))

interface Keeping {
  readonly dir: string
  /** Beside it, on the same file system. */
  readonly aside: string
  readonly ours: Ours
  readonly told: Told
}

/**
 * Does work that takes a whole folder away, and leaves in it what is not ours. A crash in between leaves that
 * aside.
 */
export async function keepingForeign(
  { dir, aside, ours, told }: Keeping,
  work: () => Promise<void>,
): Promise<void> {
  const { foreign, links, ours: own } = await lookAt(dir, ours)
  for (const path of foreign) told.stay(path, 'foreign')
  for (const path of [...links, ...own]) if (await isLink(path)) told.stay(await targetOf(path), 'link')
  if (foreign.length === 0) return work()
  const away = (path: string): string => join(aside, relative(dir, path))
  for (const path of foreign) await move(path, away(path))
  try {
    await work()
  } finally {
    for (const path of foreign) {
      await move(away(path), path)
      await removeEmpty(dirname(away(path)))
    }
    await removeEmpty(aside)
  }
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await rename(from, to)
}

/** What is not empty, or is held by something mounted, stays. */
async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined)
}
