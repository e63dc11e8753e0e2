/** Writes dynamic VHDX files ([MS-VHDX] version 8.0), so that a machine's disks need no Windows to be made. */
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { crc32c } from './checksums'
import { contentOfFile, emptyContent, type DiskContent } from './disk-content'
import { guidBytes, newGuid } from './guid'

const kib = 1024
const mib = 1024 * kib

/** 512 so that every guest boots from it; 4096 underneath so that its file system writes whole pages. */
const logicalSectorBytes = 512
const physicalSectorBytes = 4096

// Where things are: MS-VHDX fixes the first 320 KiB, the rest is ours, each part at a whole MiB.
const headerOffsets = [64 * kib, 128 * kib]
const regionTableOffsets = [192 * kib, 256 * kib]
const log = { offset: 1 * mib, length: 1 * mib }
const metadata = { offset: 2 * mib, length: 1 * mib }
const batOffset = 3 * mib

const batId = '2DC27766-F623-4200-9D64-115E9BFD4A08'
const metadataId = '8B7CA206-4790-4B9A-B8FE-575F050F886E'
const blockIsPresent = 6n

/** An empty disk: a few MiB on the host, whatever its size. */
export const createVhdx = (path: string, sizeBytes: number): Promise<void> =>
  writeVhdx(path, emptyContent(wholeSectors(sizeBytes)))

/** The same disk as the raw image holds, blocks of zeros left out. */
export async function vhdxFromRaw(rawPath: string, path: string, signal?: AbortSignal): Promise<void> {
  const raw = await open(rawPath, 'r')
  try {
    await writeVhdx(path, await contentOfFile(raw, logicalSectorBytes), signal)
  } finally {
    await raw.close()
  }
}

/** Under a name of its own until it is whole: who finds `path` finds a whole disk. */
export async function writeVhdx(path: string, content: DiskContent, signal?: AbortSignal): Promise<void> {
  const beside = `${path}.writing`
  const file = await open(beside, 'w', 0o600)
  try {
    await writeParts(file, content, signal)
    await file.sync()
    await file.close()
    await rename(beside, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(beside, { force: true })
    throw error
  }
}

async function writeParts(file: FileHandle, content: DiskContent, signal?: AbortSignal): Promise<void> {
  const blockBytes = blockBytesOf(content.sizeBytes)
  const bat = Buffer.alloc(batBytesOf(content.sizeBytes, blockBytes))
  const end = await writeBlocks(file, { content, blockBytes, bat }, signal)
  await write(file, bat, batOffset)
  await write(file, metadataOf(content.sizeBytes, blockBytes), metadata.offset)
  for (const at of regionTableOffsets) await write(file, regionTable(bat.length), at)
  const ids = { write: newGuid(), data: newGuid() }
  // The one with the higher number counts; the other is there for a torn write.
  for (const [at, offset] of headerOffsets.entries()) await write(file, header(at, ids), offset)
  await write(file, identifier(), 0)
  await file.truncate(end)
}

interface Blocks {
  readonly content: DiskContent
  readonly blockBytes: number
  readonly bat: Buffer
}

/** Answers where the file ends: whole blocks only, or a reader takes the last one for cut. */
async function writeBlocks(file: FileHandle, blocks: Blocks, signal?: AbortSignal): Promise<number> {
  const { content, blockBytes, bat } = blocks
  const perBitmap = chunkRatio(blockBytes)
  let next = batOffset + bat.length
  for (let block = 0; block * blockBytes < content.sizeBytes; block++) {
    signal?.throwIfAborted()
    const offset = block * blockBytes
    const bytes = await content.read(offset, Math.min(blockBytes, content.sizeBytes - offset))
    if (!bytes) continue
    await write(file, bytes, next)
    // After each `perBitmap` blocks the table has an entry for a bitmap, which only a child disk uses.
    const entry = block + Math.floor(block / perBitmap)
    bat.writeBigUInt64LE(BigInt(next) | blockIsPresent, entry * 8)
    next += blockBytes
  }
  return next
}

/** Small blocks keep an ext4 disk small (its groups are spread); big disks take bigger ones for a small table. */
function blockBytesOf(sizeBytes: number): number {
  let blockBytes = 1 * mib
  while (sizeBytes / blockBytes > 512 * 1024 && blockBytes < 256 * mib) blockBytes *= 2
  return blockBytes
}

const chunkRatio = (blockBytes: number): number => (2 ** 23 * logicalSectorBytes) / blockBytes

function batBytesOf(sizeBytes: number, blockBytes: number): number {
  const blocks = Math.ceil(sizeBytes / blockBytes)
  const entries = blocks + Math.floor((blocks - 1) / chunkRatio(blockBytes))
  return Math.max(1, Math.ceil((entries * 8) / mib)) * mib
}

function identifier(): Buffer {
  const out = Buffer.alloc(520)
  out.write('vhdxfile', 0, 'latin1')
  out.write('Slipway', 8, 'utf16le')
  return out
}

function header(sequence: number, ids: { write: Buffer; data: Buffer }): Buffer {
  const out = Buffer.alloc(4 * kib)
  out.write('head', 0, 'latin1')
  out.writeBigUInt64LE(BigInt(sequence), 8)
  ids.write.copy(out, 16)
  ids.data.copy(out, 32)
  // 48: the log's id stays zero, which says that there is nothing to replay. 64: its version, 0.
  out.writeUInt16LE(1, 66)
  out.writeUInt32LE(log.length, 68)
  out.writeBigUInt64LE(BigInt(log.offset), 72)
  return withChecksum(out)
}

function regionTable(batBytes: number): Buffer {
  const out = Buffer.alloc(64 * kib)
  out.write('regi', 0, 'latin1')
  out.writeUInt32LE(2, 8)
  const entry = (at: number, id: string, place: { offset: number; length: number }): void => {
    guidBytes(id).copy(out, at)
    out.writeBigUInt64LE(BigInt(place.offset), at + 16)
    out.writeUInt32LE(place.length, at + 24)
    out.writeUInt32LE(1, at + 28)
  }
  entry(16, batId, { offset: batOffset, length: batBytes })
  entry(48, metadataId, metadata)
  return withChecksum(out)
}

function withChecksum(block: Buffer): Buffer {
  block.writeUInt32LE(crc32c(block), 4)
  return block
}

// Flags of a metadata item: 2, it is of the virtual disk; 4, who does not know it must not open the file.
const ofFile = 4
const ofDisk = 6

function metadataOf(sizeBytes: number, blockBytes: number): Buffer {
  const u32 = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer)
  const u64 = (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer)
  const items = [
    { id: 'CAA16737-FA36-4D43-B3B6-33F0AA44E76B', flags: ofFile, bytes: u32(blockBytes, 0) },
    { id: '2FA54224-CD1B-4876-B211-5DBED83BF4B8', flags: ofDisk, bytes: u64(sizeBytes) },
    { id: 'BECA12AB-B2E6-4523-93EF-C309E000C746', flags: ofDisk, bytes: newGuid() },
    { id: '8141BF1D-A96F-4709-BA47-F233A8FAAB5F', flags: ofDisk, bytes: u32(logicalSectorBytes) },
    { id: 'CDA348C7-445D-4471-9CC9-E9885251C556', flags: ofDisk, bytes: u32(physicalSectorBytes) },
  ]
  const out = Buffer.alloc(metadata.length)
  out.write('metadata', 0, 'latin1')
  out.writeUInt16LE(items.length, 10)
  let offset = 64 * kib
  for (const [index, { id, flags, bytes }] of items.entries()) {
    const at = 32 + index * 32
    guidBytes(id).copy(out, at)
    out.writeUInt32LE(offset, at + 16)
    out.writeUInt32LE(bytes.length, at + 20)
    out.writeUInt32LE(flags, at + 24)
    bytes.copy(out, offset)
    offset += bytes.length
  }
  return out
}

export const wholeSectors = (sizeBytes: number): number =>
  Math.ceil(sizeBytes / logicalSectorBytes) * logicalSectorBytes

/** `write` may write less than it was given. */
async function write(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done)
    done += bytesWritten
  }
}
