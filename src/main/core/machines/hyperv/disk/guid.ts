import { randomUUID } from 'node:crypto'

/** A GUID as it lies on disk: its first three fields are little-endian, the rest is as written. */
export function guidBytes(text: string): Buffer {
  const hex = Buffer.from(text.replaceAll('-', ''), 'hex')
  if (hex.length !== 16) throw new Error(`${text} is no GUID`)
  const swapped = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
  return Buffer.from(swapped.map((at) => hex[at] as number))
}

export const newGuid = (): Buffer => guidBytes(randomUUID())
