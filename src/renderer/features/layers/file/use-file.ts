import { useCallback, useEffect, useState } from 'react'
import type { AppError } from '../../../../shared/errors'
import type { LayerEntry } from '../../../../shared/model'
import { openStream } from '../../../api'
import { toAppError } from '../to-app-error'
import { contentOf, joinBytes, textLimit, type FileContent } from './file-content'
import type { FileSource } from './file-source'

export type FileState = { readonly reload: () => void } & (
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: AppError }
  | {
      readonly state: 'ready'
      readonly entry: LayerEntry
      readonly content: FileContent
      /** There is more than what was read. */
      readonly isCut: boolean
    }
)

type Told = { readonly id: string; readonly error: AppError } | ({ readonly id: string } & ReadFile)

interface ReadFile {
  readonly entry: LayerEntry
  readonly content: FileContent
  readonly isCut: boolean
}

/** The beginning of a file, as text or as bytes. `undefined`: nothing is asked yet. */
export function useFile(source: FileSource | undefined): FileState {
  const [round, setRound] = useState(0)
  const [told, setTold] = useState<Told>()
  const key = source && JSON.stringify(source)
  const id = `${key ?? ''} ${round}`
  useEffect(() => {
    if (key === undefined) return undefined
    let isGone = false
    let cancel = (): void => undefined
    const reading = async (): Promise<ReadFile> => {
      const stream = openStream('layers.file', { ...(JSON.parse(key) as FileSource), length: textLimit })
      cancel = () => stream.cancel()
      return collect(stream)
    }
    reading().then(
      (file) => !isGone && setTold({ id, ...file }),
      (error: unknown) => !isGone && setTold({ id, error: toAppError(error) }),
    )
    return () => {
      isGone = true
      cancel()
    }
  }, [key, id])
  const reload = useCallback(() => setRound((n) => n + 1), [])
  if (told?.id !== id) return { state: 'loading', reload }
  return 'error' in told
    ? { state: 'failed', error: told.error, reload }
    : { state: 'ready', entry: told.entry, content: told.content, isCut: told.isCut, reload }
}

type Item = { readonly kind: 'head'; readonly entry: LayerEntry } | Uint8Array

async function collect(stream: AsyncIterable<Item>): Promise<ReadFile> {
  let entry: LayerEntry | undefined
  const chunks: Uint8Array[] = []
  for await (const item of stream) {
    if (item instanceof Uint8Array) chunks.push(item)
    else entry = item.entry
  }
  if (!entry) throw new Error('the file came without its head')
  const bytes = joinBytes(chunks)
  return { entry, content: contentOf(bytes), isCut: bytes.length < entry.sizeBytes }
}
