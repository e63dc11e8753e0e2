/** A disk with one EFI system partition (UEFI 2.10, chapter 5): what the firmware of a VM looks for. */
import { crc32 } from './checksums'
import type { Piece } from './disk-content'
import { guidBytes } from './guid'

const sectorBytes = 512
const entryBytes = 128
const entryCount = 128
const tableSectors = (entryBytes * entryCount) / sectorBytes
/** The first MiB is the table's; the partition starts where every block size is whole. */
export const partitionOffset = 1024 * 1024

const efiSystem = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B'
// They name nothing outside of this disk, so they are the same on each: the same files make the same disk.
const diskId = '5B1F0E5A-5C1B-4C55-9E57-51A9D15C0001'
const partitionId = '5B1F0E5A-5C1B-4C55-9E57-51A9D15C0002'

/** Rounded up to whole MiB; room for the copy of the table at the end. */
export const gptDiskSizeOf = (partitionBytes: number): number => {
  const mib = 1024 * 1024
  return Math.ceil((partitionOffset + partitionBytes + (tableSectors + 1) * sectorBytes) / mib) * mib
}

export function gptPieces(partitionBytes: number): Piece[] {
  const sectors = gptDiskSizeOf(partitionBytes) / sectorBytes
  const first = partitionOffset / sectorBytes
  const entries = Buffer.alloc(tableSectors * sectorBytes)
  guidBytes(efiSystem).copy(entries, 0)
  guidBytes(partitionId).copy(entries, 16)
  entries.writeBigUInt64LE(BigInt(first), 32)
  entries.writeBigUInt64LE(BigInt(first + partitionBytes / sectorBytes - 1), 40)
  entries.write('slipway boot', 56, 'utf16le')
  const last = sectors - 1
  const front = header(entries, { own: 1, other: last, table: 2, sectors })
  const back = header(entries, { own: last, other: 1, table: last - tableSectors, sectors })
  const at = (sector: number): number => sector * sectorBytes
  return [
    { offset: at(0), bytes: protectiveMbr(sectors) },
    { offset: at(1), bytes: front },
    { offset: at(2), bytes: entries },
    { offset: at(last - tableSectors), bytes: entries },
    { offset: at(last), bytes: back },
  ]
}

/** All numbers are sectors. */
interface Places {
  readonly own: number
  readonly other: number
  readonly table: number
  readonly sectors: number
}

function header(entries: Buffer, places: Places): Buffer {
  const headerBytes = 92
  const out = Buffer.alloc(sectorBytes)
  out.write('EFI PART', 0, 'latin1')
  out.writeUInt32LE(0x00010000, 8)
  out.writeUInt32LE(headerBytes, 12)
  out.writeBigUInt64LE(BigInt(places.own), 24)
  out.writeBigUInt64LE(BigInt(places.other), 32)
  out.writeBigUInt64LE(BigInt(2 + tableSectors), 40)
  out.writeBigUInt64LE(BigInt(places.sectors - tableSectors - 2), 48)
  guidBytes(diskId).copy(out, 56)
  out.writeBigUInt64LE(BigInt(places.table), 72)
  out.writeUInt32LE(entryCount, 80)
  out.writeUInt32LE(entryBytes, 84)
  out.writeUInt32LE(crc32(entries), 88)
  out.writeUInt32LE(crc32(out.subarray(0, headerBytes)), 16)
  return out
}

/** Tells tools that know no GPT that the whole disk is taken. */
function protectiveMbr(sectors: number): Buffer {
  const out = Buffer.alloc(sectorBytes)
  out.set([0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff], 446)
  out.writeUInt32LE(1, 454)
  out.writeUInt32LE(Math.min(sectors - 1, 0xffffffff), 458)
  out.set([0x55, 0xaa], 510)
  return out
}
