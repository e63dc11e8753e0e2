import { createReadStream, createWriteStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import type { SavedState } from '../vm/backend'

/** Counts and sums what passes. */
class Sum extends Transform {
  bytes = 0
  crc = 0

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length
    this.crc = crc32(chunk, this.crc)
    done(null, chunk)
  }
}

/**
 * Takes the state of a VM that QEMU sends to a socket of ours, into a file. QEMU itself must not open files or
 * start programs for it: its sandbox forbids the one, old versions cannot do the other.
 */
export class StateReceiver {
  readonly #server: Server
  readonly done: Promise<SavedState>

  private constructor(server: Server, path: string, signal: AbortSignal) {
    this.#server = server
    this.done = this.#receive(path, signal)
    // Who asks later gets it; who never asks has another failure to tell.
    this.done.catch(() => undefined)
  }

  static async listen(socketPath: string, path: string, signal: AbortSignal): Promise<StateReceiver> {
    await rm(socketPath, { force: true }).catch(() => undefined)
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(socketPath, resolve)
    })
    return new StateReceiver(server, path, signal)
  }

  close(): void {
    this.#server.close()
  }

  async #receive(path: string, signal: AbortSignal): Promise<SavedState> {
    const socket = await new Promise<Socket>((resolve, reject) => {
      this.#server.once('connection', resolve)
      this.#server.once('close', () => reject(new Error('QEMU did not send')))
    })
    const sum = new Sum()
    await pipeline(socket, sum, createWriteStream(path, { mode: 0o600, highWaterMark: 4 * 1024 * 1024 }), {
      signal,
    })
    const file = await open(path, 'r+')
    await file.sync()
    await file.close()
    return { path, sizeBytes: sum.bytes, crc32: sum.crc }
  }
}

/** Sends a saved state to a QEMU that listens at `socketPath`. Throws when the file is not what was saved. */
export async function sendState(state: SavedState, socketPath: string, signal: AbortSignal): Promise<void> {
  const socket = connect(socketPath)
  // One that ends after all was sent has nothing to tell: QEMU's own word counts.
  socket.on('error', () => undefined)
  const sum = new Sum()
  const source = createReadStream(state.path, { highWaterMark: 1024 * 1024 })
  await pipeline(source, sum, socket, { signal })
  if (sum.bytes !== state.sizeBytes || (state.crc32 !== undefined && sum.crc !== state.crc32))
    throw new Error('the saved state is damaged')
}
