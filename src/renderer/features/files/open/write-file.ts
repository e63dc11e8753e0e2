import { AppError, isCode } from '../../../../shared/errors'
import type { FilePath, FilePlace, FileVersion } from '../../../../shared/model/file-entry'
import { call, openStream } from '../../../api'
import { at } from '../place'

const chunkBytes = 256 * 1024

/**
 * Writes a whole file and answers its new version. With `version` it throws `object.conflict` when the file is
 * another one by now; without it what is there is replaced.
 */
export async function writeFile(
  place: FilePlace,
  path: FilePath,
  given: { readonly bytes: Uint8Array; readonly version?: FileVersion | undefined },
): Promise<FileVersion> {
  const { bytes, version } = given
  const stream = openStream('files.write', { ...at(place, path), ...(version !== undefined && { version }) })
  try {
    const [written] = await Promise.all([firstOf(stream), send(stream, bytes)])
    return written
  } finally {
    stream.cancel()
  }
}

type Write = ReturnType<typeof openStream<'files.write'>>

async function firstOf(stream: Write): Promise<FileVersion> {
  for await (const item of stream) return item.version
  throw new AppError('stream.broken', 'The write ended without an answer')
}

async function send(stream: Write, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.byteLength; from += chunkBytes)
    await stream.send(bytes.slice(from, from + chunkBytes))
  await stream.send({ kind: 'end' })
}

/** A new and empty file. Throws `object.conflict` when the name is taken. */
export async function makeFile(place: FilePlace, path: FilePath): Promise<void> {
  if (await isThere(place, path)) throw new AppError('object.conflict', 'Taken', { facts: { path } })
  await writeFile(place, path, { bytes: new Uint8Array() })
}

async function isThere(place: FilePlace, path: FilePath): Promise<boolean> {
  try {
    await call('files.stat', at(place, path))
    return true
  } catch (error) {
    if (isCode(error, 'object.not-found')) return false
    throw error
  }
}

/** `path`, or with a number where it is taken. */
export async function freeCopy(place: FilePlace, path: FilePath): Promise<FilePath> {
  for (let number = 1; ; number++) {
    const copy = number === 1 ? path : `${path}-${number}`
    if (!(await isThere(place, copy))) return copy
  }
}
