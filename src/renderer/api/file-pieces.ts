/** Small enough that a cancel is felt at once. */
const pieceBytes = 256 * 1024

/** A file's bytes, in order. The next piece is read while the last one is on its way. Rejects as the file's reading does. */
export async function* piecesOf(file: Blob): AsyncGenerator<Uint8Array> {
  let next = read(file, 0)
  for (let at = 0; at < file.size; at += pieceBytes) {
    const piece = await next
    next = read(file, at + pieceBytes)
    // Who stops before it hears nothing of it.
    next.catch(() => undefined)
    yield piece
  }
}

const read = async (file: Blob, at: number): Promise<Uint8Array> =>
  new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer())
