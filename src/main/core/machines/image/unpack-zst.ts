import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { Transform, type Duplex, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as zlib from 'node:zlib'
import { AppError } from '../../../../shared/errors'
import type { ManifestFile } from './manifest'

interface Unpacking {
  readonly from: string
  readonly to: string
  readonly file: ManifestFile
  readonly signal: AbortSignal
}

/** Unpacks a `.zst` once and checks what came out. Throws `image.damaged`, `disk.full`, `machine.image-fetch`. */
export async function unpackZst({ from, to, file, signal }: Unpacking): Promise<void> {
  const hash = createHash('sha256')
  let size = 0
  // What unpacks to more than was signed is cut off at once: a disk must not fill up with it.
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      hash.update(chunk)
      if (size > file.sizeBytes) done(damaged(file.name))
      else done(null, chunk)
    },
  })
  const out = createWriteStream(to, { mode: 0o600, flush: true })
  try {
    await pipeline(await unpacked(from, signal), meter, out, { signal })
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof AppError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new AppError('disk.full', 'No room for the machine image', { facts: { path: to }, cause })
    throw damaged(file.name, cause)
  }
  if (size !== file.sizeBytes || hash.digest('hex') !== file.sha256) throw damaged(file.name)
}

/** Node has zstd since 22.15; before that the `zstd` program does it. */
async function unpacked(from: string, signal: AbortSignal): Promise<Readable> {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Duplex }
  if (createZstdDecompress) return createReadStream(from).pipe(createZstdDecompress())
  const child = spawn('zstd', ['-q', '-d', '-c', from], { stdio: ['ignore', 'pipe', 'ignore'], signal })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause) =>
      reject(
        new AppError('machine.image-fetch', 'The program zstd is needed to unpack the machine image', {
          facts: { url: '', reason: 'zstd is not installed' },
          cause,
        }),
      ),
    )
  })
  child.on('error', () => undefined)
  return child.stdout
}

const damaged = (name: string, cause?: unknown): AppError =>
  new AppError('machine.image-damaged', `The machine image's ${name} is damaged`, {
    facts: { name, reason: 'checksum' },
    cause,
  })
