import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { piecesOf } from './file-pieces'

const pieceBytes = 256 * 1024

test.each([0, 1, pieceBytes, pieceBytes + 1, 3 * pieceBytes - 1])('%i bytes come whole', async (size) => {
  const bytes = randomBytes(size)
  const pieces: Uint8Array[] = []
  for await (const piece of piecesOf(new Blob([bytes]))) pieces.push(piece)
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
  expect(pieces).toHaveLength(Math.ceil(size / pieceBytes))
})

/** Tells which of its bytes were asked for. */
class WatchedFile extends Blob {
  readonly asked: number[] = []

  override slice(start = 0, end?: number): Blob {
    this.asked.push(start)
    if (start === 2 * pieceBytes) throw new Error('The file is gone')
    return super.slice(start, end)
  }
}

test('the next piece is read before the last one is done with, and a failure comes in its turn', async () => {
  const file = new WatchedFile([randomBytes(3 * pieceBytes)])
  const pieces = piecesOf(file)
  expect((await pieces.next()).value).toHaveLength(pieceBytes)
  expect(file.asked).toEqual([0, pieceBytes])
  expect((await pieces.next()).value).toHaveLength(pieceBytes)
  await expect(pieces.next()).rejects.toThrow('The file is gone')
})
