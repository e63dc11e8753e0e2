import { AppError } from '../../../../shared/errors'
import type { FileConflict, FilePath, FilePlace, FileUploadDone } from '../../../../shared/model/file-entry'
import { openStream, piecesOf } from '../../../api'
import { translate } from '../../../i18n'
import { at } from '../place'
import type { UploadTree } from './upload-tree'

/** What a person would call it: the file's or folder's name, or how many. */
export const uploadName = ({ tops, files }: UploadTree): string =>
  tops.length === 1 && tops[0] !== undefined ? tops[0] : translate('files.upload.names', { count: files })

export interface Upload {
  readonly tree: UploadTree
  readonly folder: FilePath
  readonly conflict: FileConflict
}

/** Sends files and folders up, as fast as core takes them. Progress and cancel are in the task list too. */
export async function upload(place: FilePlace, given: Upload, signal: AbortSignal): Promise<FileUploadDone> {
  const { tree, folder, conflict } = given
  const stream = openStream('files.upload', {
    ...at(place, folder),
    conflict,
    name: uploadName(tree).slice(0, 255),
    totalBytes: tree.sizeBytes,
  })
  const stop = (): void => stream.cancel()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const [done] = await Promise.all([firstOf(stream), send(stream, tree, signal)])
    return done
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled', { cause: error })
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    stream.cancel()
  }
}

type Stream = ReturnType<typeof openStream<'files.upload'>>

async function firstOf(stream: Stream): Promise<FileUploadDone> {
  for await (const item of stream) return item
  throw new AppError('cancelled', 'The upload ended without an answer')
}

async function send(stream: Stream, { parts }: UploadTree, signal: AbortSignal): Promise<void> {
  for (const part of parts) {
    if (signal.aborted) return
    if (part.kind === 'folder') await stream.send(part)
    else await sendFile(stream, part.path, part.file)
  }
  await stream.send({ kind: 'end' })
}

async function sendFile(stream: Stream, path: string, file: File): Promise<void> {
  await stream.send({ kind: 'file', path, sizeBytes: file.size })
  for await (const piece of piecesOf(file)) await stream.send(piece)
}
