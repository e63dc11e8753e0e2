import type { Readable } from 'node:stream'
import { AppError } from '../../../shared/errors'

/** Bytes of one frame, without copy. A frame that came in several chunks comes as several pieces. */
export interface Piece {
  readonly source: 'stdout' | 'stderr'
  readonly bytes: Buffer
  /** True for the first piece of a frame: with `timestamps=1` the engine puts one at each frame's start. */
  readonly isFrameStart: boolean
}

const headerBytes = 8
const sources = ['stdout', 'stdout', 'stderr'] as const
/** The engine's own words, sent when it fails in the middle of a stream (`SystemErr` in moby's stdcopy). */
const systemError = 3

/**
 * Splits the engine's multiplexed stream: 8-byte header `{source, 0, 0, 0, uint32 length}`, then the bytes.
 * Spec: the Engine API's "Attach to a container".
 */
export class Demuxer {
  #header = Buffer.alloc(headerBytes)
  #headerHas = 0
  #left = 0
  #source = 0
  #isFrameStart = false
  #failure: Buffer[] | undefined

  constructor(private readonly onPiece: (piece: Piece) => void) {}

  /** Throws `engine.bad-answer` when these are no frames, `engine.failed` when the engine says it failed. */
  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) at = this.#left === 0 ? this.#takeHeader(chunk, at) : this.#takeBytes(chunk, at)
  }

  #takeHeader(chunk: Buffer, at: number): number {
    if (this.#headerHas === 0 && chunk.length - at >= headerBytes) return this.#begin(chunk, at)
    const taken = Math.min(headerBytes - this.#headerHas, chunk.length - at)
    chunk.copy(this.#header, this.#headerHas, at, at + taken)
    this.#headerHas += taken
    if (this.#headerHas < headerBytes) return at + taken
    this.#headerHas = 0
    this.#begin(this.#header, 0)
    return at + taken
  }

  /** Reads a whole header; answers where its frame's bytes begin. */
  #begin(bytes: Buffer, at: number): number {
    const start = bytes.readUInt32BE(at)
    const source = start >>> 24
    if (source > systemError || (start & 0xff_ff_ff) !== 0) {
      throw new AppError('engine.bad-answer', 'The engine sent a damaged output stream')
    }
    this.#source = source
    this.#left = bytes.readUInt32BE(at + 4)
    this.#isFrameStart = true
    return at + headerBytes
  }

  #takeBytes(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left)
    const bytes = chunk.subarray(at, end)
    this.#left -= bytes.length
    const source = sources[this.#source]
    if (source) this.onPiece({ source, bytes, isFrameStart: this.#isFrameStart })
    else this.#fail(bytes)
    this.#isFrameStart = false
    return end
  }

  #fail(bytes: Buffer): void {
    this.#failure = [...(this.#failure ?? []), bytes]
    if (this.#left > 0) return
    const detail = Buffer.concat(this.#failure).toString('utf8').slice(0, 2000)
    throw new AppError('engine.failed', `The engine failed in the middle of a stream: ${detail}`, {
      facts: { detail },
    })
  }
}

/** Pulls: a slow reader slows the engine. Destroys the stream when the reader leaves. */
export async function* demux(stream: Readable): AsyncGenerator<Piece> {
  const pieces: Piece[] = []
  const demuxer = new Demuxer((piece) => void pieces.push(piece))
  try {
    for await (const chunk of stream) {
      demuxer.push(chunk as Buffer)
      yield* pieces.splice(0)
    }
  } finally {
    stream.destroy()
  }
}
