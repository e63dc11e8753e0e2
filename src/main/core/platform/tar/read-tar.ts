import { ByteSource } from './byte-source'
import {
  blockBytes,
  checkHeader,
  DamagedTar,
  isZero,
  readHeader,
  readPax,
  typeFlag,
  type LongNames,
  type PaxRecords,
  type TarHeader,
} from './tar-header'

/** Names and attributes of one entry: the kernel's longest path is 4 KiB, its longest xattr 64 KiB. */
const maxMetaBytes = 1024 * 1024

export interface TarOptions {
  /** Its end must stand in it, as in what comes over a connection that may break. */
  readonly isWhole?: boolean
}

export interface TarEntry {
  readonly header: TarHeader
  /** The bytes, once. What is not read is skipped. */
  body(): AsyncGenerator<Buffer>
  /** The first bytes of the body, without taking them. */
  peek(bytes: number): Promise<Buffer>
}

/**
 * The entries of a tar: ustar, PAX and GNU's long names, with names as bytes. Throws `DamagedTar` for what is no tar
 * and for one that ends too early. Leaving the loop leaves the source where it is.
 */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array> | ByteSource,
  { isWhole = false }: TarOptions = {},
): AsyncGenerator<TarEntry> {
  const source = chunks instanceof ByteSource ? chunks : new ByteSource(chunks)
  const meta = new MetaEntries()
  for (;;) {
    const block = source.takeNow(blockBytes) ?? (await source.take(blockBytes))
    if (isEnd(block, isWhole)) return
    const flag = typeFlag(block)
    if (isMeta(flag)) {
      meta.add(flag, await metaOf(source, block))
      continue
    }
    const entry = new OpenEntry(source, meta.headerOf(block))
    yield entry
    const rest = entry.paddedEnd - source.taken
    const left = rest - source.skipNow(rest)
    // Only the padding of the last one may be missing.
    if (left > 0 && (await source.skip(left)) < left && source.taken < entry.end)
      throw new DamagedTar('it ends too early')
  }
}

/** Throws for what is neither an end nor a header. */
function isEnd(block: Buffer, isWhole: boolean): boolean {
  if (block.length === 0 && !isWhole) return true
  if (block.length === blockBytes && isZero(block)) return true
  checkHeader(block)
  return false
}

const isMeta = (flag: string): flag is 'x' | 'g' | 'L' | 'K' => 'xgLK'.includes(flag)

/** What entries before an entry say of it, or of all after them. */
class MetaEntries {
  #all: PaxRecords = new Map()
  #own: PaxRecords | undefined
  #long: LongNames = {}

  add(flag: 'x' | 'g' | 'L' | 'K', body: Buffer): void {
    if (flag === 'x') this.#own = readPax(body, this.#own ?? this.#all)
    else if (flag === 'g') this.#all = readPax(body, this.#all)
    else if (flag === 'L') this.#long = { ...this.#long, name: untilZero(body) }
    else this.#long = { ...this.#long, link: untilZero(body) }
  }

  headerOf(block: Buffer): TarHeader {
    const header = readHeader(block, this.#own ?? this.#all, this.#long)
    this.#own = undefined
    this.#long = {}
    return header
  }
}

class OpenEntry implements TarEntry {
  readonly end: number

  constructor(
    private readonly source: ByteSource,
    readonly header: TarHeader,
  ) {
    this.end = source.taken + header.bodyBytes
  }

  get paddedEnd(): number {
    return this.end + padding(this.header.bodyBytes)
  }

  async *body(): AsyncGenerator<Buffer> {
    yield* this.source.pieces(this.end - this.source.taken)
    if (this.source.taken < this.end) throw new DamagedTar('it ends too early')
  }

  peek(bytes: number): Promise<Buffer> {
    return this.source.peek(Math.min(bytes, this.end - this.source.taken))
  }
}

const padding = (bytes: number): number => (blockBytes - (bytes % blockBytes)) % blockBytes

async function metaOf(source: ByteSource, block: Buffer): Promise<Buffer> {
  const { bodyBytes } = readHeader(plainFile(block), new Map(), {})
  if (bodyBytes > maxMetaBytes) throw new DamagedTar('a name is too long')
  const meta = Buffer.from(await source.take(bodyBytes))
  if (meta.length < bodyBytes) throw new DamagedTar('it ends too early')
  await source.skip(padding(bodyBytes))
  return meta
}

/** A header of names and attributes has its size where a file has it. */
function plainFile(block: Buffer): Buffer {
  const copy = Buffer.from(block)
  copy[156] = 0x30
  // Its own name may end in a slash, which would make it a folder.
  copy[0] = 0x78
  copy[1] = 0
  return copy
}

function untilZero(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}
