import { AppError } from '../../../../shared/errors'
import type { FileConflict, FilePath, FilePlace, FileUploadDone } from '../../../../shared/model/file-entry'
import { afterSending, answerOf, openStream, sendFile } from '../../../api'
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
    return await afterSending(stream, answerOf(stream), (until) => send(stream, tree, until))
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled', { cause: error })
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    stream.cancel()
  }
}

type Stream = ReturnType<typeof openStream<'files.upload'>>

async function send(stream: Stream, { parts }: UploadTree, signal: AbortSignal): Promise<void> {
  for (const part of parts) {
    if (signal.aborted) return
    if (part.kind === 'folder') await stream.send(part)
    else {
      await stream.send({ kind: 'file', path: part.path, sizeBytes: part.file.size })
      await sendFile(stream, part.file, signal)
    }
  }
  await stream.send({ kind: 'end' })
}
