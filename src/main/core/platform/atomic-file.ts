import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const mark = '.writing-'

/**
 * Replaces a file so that a reader, a crash or a power cut finds the old text or the new one, never a
 * part: a new file beside it, synced, renamed over it, and the folder synced so that the name lasts.
 */
export async function writeAtomic(path: string, text: string, mode = 0o600): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const beside = join(folder, `${basename(path)}${mark}${randomBytes(6).toString('hex')}`)
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

/** Takes away what a killed writer of this file left. */
export async function removeUnfinished(path: string): Promise<void> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  const left = names.filter((name) => name.startsWith(basename(path) + mark))
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)))
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its rename is on disk with the journal.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().catch(() => undefined)
  await handle.close()
}
