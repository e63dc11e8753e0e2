/** What a program or library asks the loader for: from its own headers, so it works for any architecture. */
export interface ElfNeeds {
  /** Sonames. */
  readonly libraries: readonly string[]
  /** Folders where it looks first; `$ORIGIN` as it stands. */
  readonly runPaths: readonly string[]
}

const PT_LOAD = 1
const PT_DYNAMIC = 2
const DT = { needed: 1n, strtab: 5n, rpath: 15n, runpath: 29n } as const

interface Segment {
  readonly type: number
  readonly offset: number
  readonly address: number
  readonly sizeBytes: number
}

/** `undefined` when the bytes are no 64-bit little-endian ELF file. ELF-64 Object File Format, 1.5. */
export function readElf(bytes: Buffer): ElfNeeds | undefined {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1)
    return undefined
  const segments = readSegments(bytes)
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC)
  if (!dynamic) return { libraries: [], runPaths: [] }
  const entries = readDynamic(bytes, dynamic)
  const table = entries.find(([tag]) => tag === DT.strtab)
  const home = segments.find(
    ({ type, address, sizeBytes }) =>
      type === PT_LOAD && table && Number(table[1]) >= address && Number(table[1]) < address + sizeBytes,
  )
  if (!table || !home) return { libraries: [], runPaths: [] }
  const start = Number(table[1]) - home.address + home.offset
  const textAt = (offset: bigint): string => {
    const from = start + Number(offset)
    return bytes.toString('latin1', from, bytes.indexOf(0, from))
  }
  const texts = (...tags: bigint[]): string[] =>
    entries.filter(([tag]) => tags.includes(tag)).map(([, value]) => textAt(value))
  return {
    libraries: texts(DT.needed),
    runPaths: texts(DT.rpath, DT.runpath).flatMap((text) => text.split(':')),
  }
}

function readSegments(bytes: Buffer): Segment[] {
  const at = Number(bytes.readBigUInt64LE(32))
  const size = bytes.readUInt16LE(54)
  return Array.from({ length: bytes.readUInt16LE(56) }, (_, n) => {
    const start = at + n * size
    return {
      type: bytes.readUInt32LE(start),
      offset: Number(bytes.readBigUInt64LE(start + 8)),
      address: Number(bytes.readBigUInt64LE(start + 16)),
      sizeBytes: Number(bytes.readBigUInt64LE(start + 32)),
    }
  })
}

function readDynamic(bytes: Buffer, { offset, sizeBytes }: Segment): (readonly [bigint, bigint])[] {
  const entries: (readonly [bigint, bigint])[] = []
  for (let at = offset; at + 16 <= offset + sizeBytes; at += 16) {
    const tag = bytes.readBigUInt64LE(at)
    if (tag === 0n) break
    entries.push([tag, bytes.readBigUInt64LE(at + 8)])
  }
  return entries
}
