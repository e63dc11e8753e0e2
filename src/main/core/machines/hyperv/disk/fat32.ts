/** Writes a FAT32 volume (Microsoft's FAT specification 1.03) that holds a few files: what UEFI boots from. */
import type { Piece } from './disk-content'

const sectorBytes = 512
/** One sector: a volume counts as FAT32 from 65 525 clusters on, and ours is to be small. */
const clusterBytes = 512
const reservedSectors = 32
const fatCount = 2
const firstCluster = 2
const minClusters = 65_525 + 16
const lastOfChain = 0x0fffffff

/** Paths with `/`, without one at the front. */
export type Files = ReadonlyMap<string, Uint8Array>

interface Folder {
  readonly name: string
  readonly folders: Map<string, Folder>
  readonly files: Map<string, Uint8Array>
}

interface Volume {
  readonly fat: Uint32Array
  readonly pieces: Piece[]
  readonly dataOffset: number
  next: number
}

/** Room for `files` and as much again as FAT32 needs to be FAT32. */
export function fat32SizeOf(files: Files): number {
  const needed = [...files.values()].reduce((sum, bytes) => sum + clustersOf(bytes.length) + 8, 64)
  const clusters = Math.max(minClusters, needed)
  return (reservedSectors + fatCount * fatSectorsOf(clusters) + clusters) * sectorBytes
}

/** The volume as pieces of a disk on which it starts at `offset`. */
export function fat32Pieces(files: Files, offset: number): Piece[] {
  const sectors = fat32SizeOf(files) / sectorBytes
  const clusters = clustersThatFit(sectors)
  const fatSectors = fatSectorsOf(clusters)
  const volume: Volume = {
    fat: new Uint32Array(clusters + firstCluster),
    pieces: [],
    dataOffset: offset + (reservedSectors + fatCount * fatSectors) * sectorBytes,
    next: firstCluster,
  }
  // The two entries that stand for no cluster: the medium's byte, and "was unmounted cleanly".
  volume.fat.set([0x0ffffff8, lastOfChain])
  writeFolder(volume, treeOf(files), undefined)
  const fat = littleEndian(volume.fat)
  const boot = bootSector(sectors, fatSectors, offset / sectorBytes)
  const info = infoSector(clusters - (volume.next - firstCluster), volume.next)
  const at = (sector: number): number => offset + sector * sectorBytes
  return [
    { offset: at(0), bytes: boot },
    { offset: at(1), bytes: info },
    // The copies that are read when the first sector is bad.
    { offset: at(6), bytes: boot },
    { offset: at(7), bytes: info },
    { offset: at(reservedSectors), bytes: fat },
    { offset: at(reservedSectors + fatSectors), bytes: fat },
    ...volume.pieces,
  ]
}

const clustersOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / clusterBytes))
const fatSectorsOf = (clusters: number): number => Math.ceil(((clusters + firstCluster) * 4) / sectorBytes)

/** The inverse of `fat32SizeOf`: a table that is one sector too long wastes nothing that matters. */
function clustersThatFit(sectors: number): number {
  let clusters = sectors - reservedSectors
  while (reservedSectors + fatCount * fatSectorsOf(clusters) + clusters > sectors) clusters--
  return clusters
}

function treeOf(files: Files): Folder {
  const root: Folder = { name: '', folders: new Map(), files: new Map() }
  for (const [path, bytes] of files) {
    const steps = path.split('/')
    const name = steps.pop() as string
    let folder = root
    for (const step of steps) {
      const inner = folder.folders.get(step) ?? { name: step, folders: new Map(), files: new Map() }
      folder.folders.set(step, inner)
      folder = inner
    }
    folder.files.set(name, bytes)
  }
  return root
}

/** Its entries take as many clusters as are known before its children have theirs, so they are taken first. */
function writeFolder(volume: Volume, folder: Folder, parent: number | undefined): number {
  const names = [...folder.folders.keys(), ...folder.files.keys()]
  const count = names.reduce((sum, name) => sum + entriesOf(name), parent === undefined ? 0 : 2)
  const cluster = takeClusters(volume, count * 32)
  const entries: Buffer[] = []
  if (parent !== undefined) {
    entries.push(shortEntry('.', { cluster, isFolder: true }))
    // The root is written as 0 in the way up.
    entries.push(shortEntry('..', { cluster: parent === firstCluster ? 0 : parent, isFolder: true }))
  }
  const short = shortNames(names)
  for (const inner of folder.folders.values()) {
    const at = writeFolder(volume, inner, cluster)
    entries.push(...namedEntries(inner.name, short, { cluster: at, isFolder: true }))
  }
  for (const [name, bytes] of folder.files) {
    const at = bytes.length === 0 ? 0 : takeClusters(volume, bytes.length)
    if (at !== 0) put(volume, at, bytes)
    entries.push(...namedEntries(name, short, { cluster: at, size: bytes.length }))
  }
  put(volume, cluster, Buffer.concat(entries))
  return cluster
}

const put = (volume: Volume, cluster: number, bytes: Uint8Array): void => {
  volume.pieces.push({ offset: volume.dataOffset + (cluster - firstCluster) * clusterBytes, bytes })
}

/** Clusters in one row: nothing is ever deleted here. */
function takeClusters(volume: Volume, bytes: number): number {
  const first = volume.next
  const count = clustersOf(bytes)
  for (let at = first; at < first + count - 1; at++) volume.fat[at] = at + 1
  volume.fat[first + count - 1] = lastOfChain
  volume.next += count
  return first
}

interface EntryFacts {
  readonly cluster: number
  readonly isFolder?: boolean
  readonly size?: number
}

function shortEntry(name: string, { cluster, isFolder = false, size = 0 }: EntryFacts): Buffer {
  const out = Buffer.alloc(32)
  out.write(name.padEnd(11), 0, 'latin1')
  out[11] = isFolder ? 0x10 : 0x20
  // 1 January 1980, the first day FAT knows: the same files make the same volume.
  for (const date of [16, 18, 24]) out.writeUInt16LE(0x21, date)
  out.writeUInt16LE(cluster >>> 16, 20)
  out.writeUInt16LE(cluster & 0xffff, 26)
  out.writeUInt32LE(size, 28)
  return out
}

/** A name of 8 and 3 capital letters stands for itself; any other has entries with the long one before it. */
function namedEntries(name: string, short: ReadonlyMap<string, string>, facts: EntryFacts): Buffer[] {
  const shortName = short.get(name) as string
  const own = shortEntry(shortName, facts)
  if (isShort(name)) return [own]
  const sum = [...shortName].reduce(
    (total, char) => (((total & 1) << 7) + (total >> 1) + char.charCodeAt(0)) & 0xff,
    0,
  )
  const parts: Buffer[] = []
  for (let at = 0; at < name.length; at += 13) {
    const isLast = at + 13 >= name.length
    parts.unshift(longEntry(name.slice(at, at + 13), { number: at / 13 + 1, isLast, sum }))
  }
  return [...parts, own]
}

/** Where the 13 UTF-16 letters of a long entry lie. */
const letterOffsets = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30]

function longEntry(text: string, part: { number: number; isLast: boolean; sum: number }): Buffer {
  const out = Buffer.alloc(32)
  out[0] = part.number | (part.isLast ? 0x40 : 0)
  out[11] = 0x0f
  out[13] = part.sum
  for (const [index, offset] of letterOffsets.entries()) {
    // One NUL ends the name, ones fill the rest.
    const letter = index < text.length ? text.charCodeAt(index) : index === text.length ? 0 : 0xffff
    out.writeUInt16LE(letter, offset)
  }
  return out
}

const isShort = (name: string): boolean => /^[A-Z0-9_-]{1,8}(\.[A-Z0-9_-]{1,3})?$/.test(name)
const entriesOf = (name: string): number => 1 + (isShort(name) ? 0 : Math.ceil(name.length / 13))

function shortNames(names: readonly string[]): Map<string, string> {
  const made = new Map<string, string>()
  for (const [index, name] of names.entries()) {
    const [base = '', extension = ''] = name.toUpperCase().split(/\.(?=[^.]*$)/)
    const tail = `~${index + 1}`
    const clean = base.replaceAll(/[^A-Z0-9_-]/g, '')
    const body = isShort(name) ? clean : clean.slice(0, 8 - tail.length) + tail
    made.set(name, body.padEnd(8) + extension.slice(0, 3).padEnd(3))
  }
  return made
}

function bootSector(sectors: number, fatSectors: number, hiddenSectors: number): Buffer {
  const out = Buffer.alloc(sectorBytes)
  out.set([0xeb, 0x58, 0x90])
  out.write('SLIPWAY ', 3, 'latin1')
  out.writeUInt16LE(sectorBytes, 11)
  out[13] = clusterBytes / sectorBytes
  out.writeUInt16LE(reservedSectors, 14)
  out[16] = fatCount
  out[21] = 0xf8
  out.writeUInt16LE(63, 24)
  out.writeUInt16LE(255, 26)
  out.writeUInt32LE(hiddenSectors, 28)
  out.writeUInt32LE(sectors, 32)
  out.writeUInt32LE(fatSectors, 36)
  out.writeUInt32LE(firstCluster, 44)
  out.writeUInt16LE(1, 48)
  out.writeUInt16LE(6, 50)
  out[64] = 0x80
  out[66] = 0x29
  out.writeUInt32LE(0x51495057, 67)
  out.write('NO NAME    FAT32   ', 71, 'latin1')
  out.set([0x55, 0xaa], 510)
  return out
}

function infoSector(freeClusters: number, nextFree: number): Buffer {
  const out = Buffer.alloc(sectorBytes)
  out.write('RRaA', 0, 'latin1')
  out.write('rrAa', 484, 'latin1')
  out.writeUInt32LE(freeClusters, 488)
  out.writeUInt32LE(nextFree, 492)
  out.set([0x55, 0xaa], 510)
  return out
}

function littleEndian(values: Uint32Array): Buffer {
  const out = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) if (value !== 0) out.writeUInt32LE(value, at * 4)
  return out
}
