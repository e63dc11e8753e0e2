import { createGunzip, type Gunzip } from 'node:zlib'
import * as zlib from 'node:zlib'
import { Readable } from 'node:stream'
import { AppError } from '../../../../shared/errors'
import { isHeader, isZero } from '../../platform/tar/tar-header'
import { damagedImage } from './damaged-image'

/** What the first bytes of a blob say of it. */
export type BlobForm = 'tar' | 'gzip' | 'zstd' | 'other'

/** Enough of a blob to know its form by. */
export const formBytes = 512

export function formOf(start: Buffer): BlobForm {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  if (start.length >= 4 && start.readUInt32LE(0) === 0xfd2fb528) return 'zstd'
  // A layer without files is nothing but zeros.
  return isHeader(start) || (start.length === formBytes && isZero(start)) ? 'tar' : 'other'
}

/** A small blob may unpack to one that never ends: unpacked layers are read with the same limits as others. */
export function unpacked(form: BlobForm, bytes: AsyncIterable<Buffer>): AsyncIterable<Uint8Array> {
  if (form === 'tar') return bytes
  return through(form === 'gzip' ? createGunzip() : zstd(), bytes)
}

function zstd(): Gunzip {
  // Node has it from 22.15 on.
  const make = (zlib as { createZstdDecompress?: () => Gunzip }).createZstdDecompress
  if (!make)
    throw new AppError('engine.unsupported', 'The layers are packed with zstd, which cannot be read here', {
      facts: { what: 'zstd' },
    })
  return make()
}

async function* through(unpack: Gunzip, bytes: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const from = Readable.from(bytes, { objectMode: false })
  from.on('error', (error) => unpack.destroy(error))
  from.pipe(unpack)
  try {
    for await (const chunk of unpack) yield chunk as Buffer
  } catch (error) {
    throw isZlibError(error) ? damagedImage(error.message) : error
  } finally {
    from.destroy()
    unpack.destroy()
  }
}

const isZlibError = (error: unknown): error is Error =>
  error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_')
