import type { FileHandle } from 'node:fs/promises'

/** What a disk holds, read piece by piece: a raw file, or pieces in memory with zeros between them. */
export interface DiskContent {
  readonly sizeBytes: number
  /** The bytes of a range; `undefined` when all of them are known to be zero. */
  read(offset: number, length: number): Promise<Buffer | undefined>
}

export interface Piece {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** Zeros everywhere but at the pieces, which do not overlap. */
export function contentOfPieces(sizeBytes: number, pieces: readonly Piece[]): DiskContent {
  const read = (offset: number, length: number): Buffer | undefined => {
    const end = offset + length
    const inside = pieces.filter((piece) => piece.offset < end && piece.offset + piece.bytes.length > offset)
    if (inside.length === 0) return undefined
    const out = Buffer.alloc(length)
    for (const { offset: at, bytes } of inside) {
      const from = Math.max(0, offset - at)
      out.set(bytes.subarray(from, Math.min(bytes.length, end - at)), Math.max(0, at - offset))
    }
    return out
  }
  return { sizeBytes, read: (offset, length) => Promise.resolve(read(offset, length)) }
}

export const emptyContent = (sizeBytes: number): DiskContent => ({
  sizeBytes,
  read: () => Promise.resolve(undefined),
})

/** A raw image, its length filled up to whole sectors. */
export async function contentOfFile(file: FileHandle, sectorBytes: number): Promise<DiskContent> {
  const { size } = await file.stat()
  const read = async (offset: number, length: number): Promise<Buffer | undefined> => {
    const out = Buffer.alloc(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await file.read(out, filled, length - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return isZero(out) ? undefined : out
  }
  return { sizeBytes: Math.ceil(size / sectorBytes) * sectorBytes, read }
}

const zeros = Buffer.alloc(64 * 1024)

function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += zeros.length) {
    const part = bytes.subarray(at, at + zeros.length)
    if (part.compare(zeros, 0, part.length) !== 0) return false
  }
  return true
}
