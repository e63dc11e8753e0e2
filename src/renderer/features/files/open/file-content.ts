import type {
  FileEntry,
  FilePath,
  FilePlace,
  FileRoad,
  FileVersion,
} from '../../../../shared/model/file-entry'
import { openStream } from '../../../api'
import { AppError } from '../../../../shared/errors'

/** The most that can be edited: beyond it a window's editor is no pleasure, and a download is. */
export const editableBytes = 2 * 1024 * 1024
const textBeginningBytes = 256 * 1024
const hexBeginningBytes = 64 * 1024

/** What a file holds, as much of it as a window shows. */
export interface FileContent {
  readonly road: FileRoad
  readonly entry: FileEntry
  readonly version: FileVersion
  readonly bytes: Uint8Array
  /** `bytes` are the whole file. */
  readonly isWhole: boolean
  /** Its text when it is UTF-8, without the bytes of a sign that was cut at the end. */
  readonly text?: string
  readonly picture?: PictureType
}

const pictureTypes = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  avif: 'image/avif',
} as const
export type PictureType = (typeof pictureTypes)[keyof typeof pictureTypes]

export const pictureType = (path: FilePath): PictureType | undefined =>
  (pictureTypes as Partial<Record<string, PictureType>>)[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '']

/** Reads no more than it can show: of what is no text its beginning, at once. */
export async function readContent(
  place: FilePlace,
  path: FilePath,
  signal: AbortSignal,
): Promise<FileContent> {
  const { engine, root } = place
  const stream = openStream('files.read', { engine, root, path, offset: 0, length: editableBytes + 1 })
  const stop = (): void => stream.cancel()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await collect(stream, pictureType(path))
  } finally {
    signal.removeEventListener('abort', stop)
    stream.cancel()
  }
}

type Read = ReturnType<typeof openStream<'files.read'>>

async function collect(stream: Read, picture: PictureType | undefined): Promise<FileContent> {
  let head: Pick<FileContent, 'road' | 'entry' | 'version'> | undefined
  const chunks: Uint8Array[] = []
  let size = 0
  let isEnded = true
  for await (const item of stream) {
    if (!(item instanceof Uint8Array)) {
      head = { road: item.road, entry: item.entry, version: item.version }
      continue
    }
    chunks.push(item)
    size += item.byteLength
    // A program of many megabytes: its beginning says so, and nobody waits for the rest.
    if (picture === undefined && size >= hexBeginningBytes && chunks.some((chunk) => chunk.includes(0))) {
      isEnded = false
      break
    }
  }
  if (!head) throw new AppError('stream.broken', 'The file ended before it began')
  const isWhole = isEnded && size <= editableBytes
  return { ...head, ...shown(joined(chunks, size), isWhole, picture) }
}

function shown(
  bytes: Uint8Array,
  isWhole: boolean,
  picture: PictureType | undefined,
): Pick<FileContent, 'bytes' | 'isWhole' | 'text' | 'picture'> {
  if (picture !== undefined && isWhole) return { bytes, isWhole, picture }
  const beginning = isWhole ? bytes : bytes.subarray(0, textBeginningBytes)
  const text = textOf(beginning, isWhole)
  if (text !== undefined) return { bytes: beginning, isWhole, text }
  const isShort = isWhole && bytes.length <= hexBeginningBytes
  return { bytes: bytes.subarray(0, hexBeginningBytes), isWhole: isShort }
}

/** `undefined` where it is no UTF-8, or has the zero that no text has. Saved again it is the same bytes. */
export function textOf(bytes: Uint8Array, isWhole: boolean): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    // Streaming keeps what was cut in the middle of a sign for a next part that does not come.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !isWhole })
  } catch {
    return undefined
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.byteLength
  }
  return all
}
