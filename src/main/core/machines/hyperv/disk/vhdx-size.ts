import { open } from 'node:fs/promises'
import { guidBytes } from './guid'

const metadataRegion = guidBytes('8B7CA206-4790-4B9A-B8FE-575F050F886E')
const virtualDiskSize = guidBytes('2FA54224-CD1B-4876-B211-5DBED83BF4B8')
const regionTableAt = 192 * 1024

/** The size of the disk in a VHDX file of whoever's making. Throws when it is none. */
export async function vhdxSizeOf(path: string): Promise<number> {
  const file = await open(path, 'r')
  try {
    const read = async (offset: number, length: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
      if (bytesRead < length) throw new Error(`${path} is cut short`)
      return buffer
    }
    const regions = await read(regionTableAt, 64 * 1024)
    const region = entry(regions, { first: 16, count: regions.readUInt32LE(8), id: metadataRegion })
    if (!region || regions.toString('latin1', 0, 4) !== 'regi') throw new Error(`${path} is no VHDX`)
    const metadataAt = Number(region.readBigUInt64LE(16))
    const table = await read(metadataAt, 64 * 1024)
    const item = entry(table, { first: 32, count: table.readUInt16LE(10), id: virtualDiskSize })
    if (!item) throw new Error(`${path} says no size`)
    return Number((await read(metadataAt + item.readUInt32LE(16), 8)).readBigUInt64LE())
  } finally {
    await file.close()
  }
}

/** Both tables have entries of 32 bytes that begin with what they are. */
function entry(
  table: Buffer,
  { first, count, id }: { first: number; count: number; id: Buffer },
): Buffer | undefined {
  for (let at = first; at < first + count * 32 && at + 32 <= table.length; at += 32)
    if (table.subarray(at, at + 16).equals(id)) return table.subarray(at, at + 32)
  return undefined
}
