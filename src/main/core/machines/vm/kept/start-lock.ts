import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { AppError } from '../../../../../shared/errors'
import { isAlive } from '../../../platform/child'
import { ageMs } from '../../../platform/file-age'
import { pause } from '../../../platform/wait-for'

const lockPauseMs = 5
/** Twice what a start may take while it holds the lock. */
const lockMaxMs = 120_000

/**
 * Lets one starter of this machine in at a time, of all processes: QEMU takes its sockets before it takes the
 * lock of its disk, so a second one would cut the first one's control off before it failed. A lock whose holder
 * died is taken over, and one that is too old: after a power cut its number may be any program's. Throws
 * `machine.disk-in-use`.
 */
export async function takeStartLock(path: string): Promise<() => Promise<void>> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 })
      return () => takeAway(path, process.pid)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    // The holder may be between making the file and writing its number.
    await pause(lockPauseMs)
    const holder = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10)
    const isHeld = !Number.isInteger(holder) || holder === process.pid || isAlive(holder)
    if (isHeld && (await ageMs(path)) < lockMaxMs) break
    await takeAway(path, holder)
  }
  throw new AppError('machine.disk-in-use', 'The machine is being started already', { facts: { path } })
}

/** Of several that find the same dead holder only one takes its lock away, and nobody a new one. */
async function takeAway(path: string, holder: number): Promise<void> {
  const aside = `${path}.${process.pid}-${randomBytes(3).toString('hex')}`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  const taken = Number.parseInt(await readFile(aside, 'utf8').catch(() => ''), 10)
  // Somebody was quicker: this is the lock that they made meanwhile.
  if (taken !== holder && !Number.isNaN(taken)) await link(aside, path).catch(() => undefined)
  await rm(aside, { force: true })
}
