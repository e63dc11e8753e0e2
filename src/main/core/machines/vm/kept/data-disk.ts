import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../../../../shared/errors'
import type { Progress } from '../../../../../shared/model'
import { run } from '../../../platform/child'
import { markSparse } from '../../../platform/sparse-file'

export interface CopyOptions {
  readonly signal: AbortSignal
  readonly progress?: (progress: Progress) => void
}

const chunkBytes = 4 * 1024 * 1024
/** A full disk of the largest size on a slow drive. */
const copyMs = 24 * 60 * 60_000
const gib = 1024 ** 3

export const diskBytes = (diskGiB: number): number => diskGiB * gib

/** Makes the disk when it is not there, and makes it longer when it is too short. Never shortens it. */
export async function prepareDisk(path: string, sizeBytes: number): Promise<'made' | 'grown' | 'there'> {
  return guarded(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const there = await stat(path).catch(() => undefined)
    if (there && there.size >= sizeBytes) return 'there'
    // Not only when it is absent: of two cores that start the machine at once both may come this far.
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    try {
      if ((await file.stat()).size >= sizeBytes) return 'there'
      await markSparse(path)
      await file.truncate(sizeBytes)
      await file.sync()
    } finally {
      await file.close()
    }
    return there ? 'grown' : 'made'
  })
}

/** What the file takes on the host: its holes take nothing. 0 when it is not there. */
export async function hostBytes(path: string): Promise<number> {
  const file = await stat(path).catch(() => undefined)
  // Windows has no block count: the length is the honest upper limit.
  return file ? (file.blocks === undefined ? file.size : file.blocks * 512) : 0
}

export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/**
 * Copies a disk so that the new name is there whole or not at all. A file system that can shares the blocks;
 * else the bytes are copied and what is zero stays a hole.
 */
export async function copyDisk(from: string, to: string, options: CopyOptions): Promise<void> {
  await guarded(to, async () => {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    const beside = `${to}.copying`
    await rm(beside, { force: true })
    try {
      const isDone = (await cloned(from, beside)) || (await copiedBySystem(from, beside, options))
      if (!isDone) await copySparse(from, beside, options)
      await rename(beside, to)
      await syncName(to)
    } catch (error) {
      await rm(beside, { force: true })
      throw error
    }
  })
}

/**
 * Puts a disk into another folder too, which may be on another file system: as a second name of the same file where
 * that can be, else as a copy. The old name is for `dropName`, once nothing leads there any more.
 */
export async function placeDisk(from: string, to: string, options: CopyOptions): Promise<void> {
  const isTaken = await stat(to, { bigint: true }).catch(() => undefined)
  const old = await stat(from, { bigint: true })
  // What a move that was cut off has left: a second name of this file.
  if (isTaken && old.ino !== 0n && isTaken.ino === old.ino && isTaken.dev === old.dev) return
  if (isTaken) throw diskFailed(to, 'EEXIST')
  await guarded(to, () => mkdir(dirname(to), { recursive: true, mode: 0o700 }))
  const isLinked = await link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw diskFailed(to, 'EEXIST', error)
      return false
    },
  )
  if (isLinked) await syncName(to)
  else await copyDisk(from, to, options)
}

/**
 * Takes one name of a disk away, while the other stays. Two names may be one, by a link to the folder or by other
 * capitals: then nothing is taken away.
 */
export async function dropName(name: string, other: string): Promise<void> {
  const aside = `${name}.moved`
  await rename(name, aside)
  const isThere = await stat(other).then(
    () => true,
    () => false,
  )
  if (isThere) await rm(aside, { force: true })
  else await rename(aside, name)
}

/** The name itself lasts over a power cut. Windows cannot open a folder; its journal has it. */
async function syncName(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  await folder.sync().catch(() => undefined)
  await folder.close()
}

async function cloned(from: string, to: string): Promise<boolean> {
  return copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => rm(to, { force: true }).then(() => false),
  )
}

/**
 * Linux's own `cp` asks the file system where the holes are; Node cannot, and reading them takes minutes. What is
 * told as progress are blocks that were written. `false` where there is no such `cp`.
 */
async function copiedBySystem(from: string, to: string, { signal, progress }: CopyOptions): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const totalBytes = await hostBytes(from)
  const told = setInterval(() => {
    void hostBytes(to).then((doneBytes) => progress?.({ doneBytes, totalBytes }))
  }, 500)
  try {
    const args = ['--sparse=always', '--reflink=auto', '--', from, to]
    const { code, stderr } = await run('cp', args, { signal, timeoutMs: copyMs })
    if (code === 0) return syncFile(to)
    await rm(to, { force: true })
    // A `cp` that does not know these options says so; a full disk will be full for us too.
    if (/option|usage/i.test(stderr)) return false
    throw diskFailed(to, /No space left/.test(stderr) ? 'ENOSPC' : stderr.trim().slice(0, 200))
  } finally {
    clearInterval(told)
  }
}

async function syncFile(path: string): Promise<true> {
  const file = await open(path, 'r+')
  await file.sync()
  await file.close()
  return true
}

async function copySparse(from: string, to: string, options: CopyOptions): Promise<void> {
  const source = await open(from, 'r')
  const target = await open(to, 'wx', 0o600)
  try {
    const { size } = await source.stat()
    await markSparse(to)
    await target.truncate(size)
    await copyChunks({ source, target, size }, options)
    await target.sync()
  } finally {
    await source.close()
    await target.close()
  }
}

async function copyChunks(
  { source, target, size }: { source: FileHandle; target: FileHandle; size: number },
  { signal, progress }: CopyOptions,
): Promise<void> {
  const chunk = Buffer.allocUnsafe(chunkBytes)
  const zeros = Buffer.alloc(chunkBytes)
  let toldMs = 0
  for (let at = 0; at < size;) {
    signal.throwIfAborted()
    const { bytesRead } = await source.read(chunk, 0, chunkBytes, at)
    if (bytesRead === 0) break
    const read = chunk.subarray(0, bytesRead)
    if (!read.equals(zeros.subarray(0, bytesRead))) await target.write(read, 0, bytesRead, at)
    at += bytesRead
    if (performance.now() - toldMs < 200 && at < size) continue
    toldMs = performance.now()
    progress?.({ doneBytes: at, totalBytes: size })
  }
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (cause instanceof AppError || code === undefined || code === 'ABORT_ERR') throw cause
    throw diskFailed(path, code, cause)
  }
}

function diskFailed(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('machine.disk-failed', `The disk ${path} could not be made or changed: ${reason}`, {
    facts: { path, reason },
    cause,
  })
}
