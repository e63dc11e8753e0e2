import { Readable } from 'node:stream'
import { AppError } from '../../../shared/errors'
import { readTar, type TarEntry } from '../platform/tar/read-tar'
import { DamagedTar } from '../platform/tar/tar-header'

/** The entries of an engine's answer, which is gone with the loop. Throws `engine.bad-answer` where it breaks off. */
export async function* tarEntries(tar: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  try {
    yield* readTar(tar, { isWhole: true })
  } catch (error) {
    if (!(error instanceof DamagedTar)) throw error
    throw new AppError('engine.bad-answer', `The engine sent a tar that breaks off: ${error.detail}`)
  } finally {
    if (tar instanceof Readable) tar.destroy()
  }
}
