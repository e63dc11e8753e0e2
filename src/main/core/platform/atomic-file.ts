import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isAlive } from './child'
import { ageMs } from './file-age'

const mark = '.writing-'
/** No write takes this long. */
const abandonedMs = 600_000

/**
 * Replaces a file so that a reader, a crash or a power cut finds the old text or the new one, never a
 * part: a new file beside it, synced, renamed over it, and the folder synced so that the name lasts.
 */
export async function writeAtomic(path: string, text: string | Buffer, mode = 0o600): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const beside = join(
    folder,
    `${basename(path)}${mark}${process.pid.toString(16)}-${randomBytes(6).toString('hex')}`,
  )
  try {
    const file = await open(beside, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(folder)
}

/** Takes away what a killed writer of this file left; what a living one, of this or another core, is writing stays. */
export async function removeUnfinished(path: string): Promise<void> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  const start = basename(path) + mark
  const unfinished = names.filter((name) => name.startsWith(start))
  await Promise.all(
    unfinished.map(async (name) => {
      const file = join(folder, name)
      const writer = Number.parseInt(name.slice(start.length), 16)
      // Of a file of long ago the number may be another program's by now.
      if (isAlive(writer) && (await ageMs(file)) <= abandonedMs) return
      await rm(file, { force: true }).catch(() => undefined)
    }),
  )
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its rename is on disk with the journal.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().catch(() => undefined)
  await handle.close()
}
