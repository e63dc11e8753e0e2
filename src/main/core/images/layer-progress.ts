import type { Progress, TaskPart } from '../../../shared/model'
import type { StreamMessage } from './stream-message'

interface LayerState extends TaskPart {
  /** Of the download, which is what the sum counts: extraction starts its own count from nothing. */
  readonly loadedBytes: number
  readonly loadTotalBytes: number
}

const downloaded = new Set(['Verifying Checksum', 'Download complete', 'Extracting', 'Pull complete'])
/** Told of the whole image under the tag's name, not of a layer. */
const aboutImage = /^Pulling from |^Pulling repository /

/**
 * Folds a pull's messages into progress. An engine says hundreds of lines a second; what changed since
 * the last look is taken together.
 */
export class LayerProgress {
  readonly #layers = new Map<string, LayerState>()
  readonly #changed = new Set<string>()
  #note: string | undefined

  add(message: StreamMessage): void {
    const { id, status } = message
    if (status === undefined) return
    if (id === undefined || aboutImage.test(status)) {
      this.#note = status
      return
    }
    this.#layers.set(id, next(this.#layers.get(id), { ...message, id, status }))
    this.#changed.add(id)
  }

  /** What changed, or `undefined`. */
  take(): Progress | undefined {
    if (this.#changed.size === 0 && this.#note === undefined) return undefined
    const parts = [...this.#changed].map((id) => partOf(this.#layers.get(id) as LayerState))
    const progress: Progress = {
      ...this.#sums(),
      parts,
      ...(this.#note !== undefined && { note: this.#note }),
    }
    this.#changed.clear()
    this.#note = undefined
    return progress
  }

  /** Totals grow while layers are still waiting for their turn: the engine tells a size when it begins. */
  #sums(): { doneBytes: number; totalBytes: number } {
    let doneBytes = 0
    let totalBytes = 0
    for (const layer of this.#layers.values()) {
      doneBytes += layer.loadedBytes
      totalBytes += layer.loadTotalBytes
    }
    return { doneBytes, totalBytes }
  }
}

function next(
  before: LayerState | undefined,
  message: StreamMessage & { id: string; status: string },
): LayerState {
  const { id, status } = message
  const current = message.progressDetail?.current
  const total = message.progressDetail?.total
  let { loadedBytes, loadTotalBytes } = before ?? { loadedBytes: 0, loadTotalBytes: 0 }
  if (status === 'Downloading') {
    loadedBytes = current ?? loadedBytes
    loadTotalBytes = Math.max(total ?? loadTotalBytes, loadedBytes)
  } else if (downloaded.has(status)) {
    // Small layers are never seen downloading: their size first shows at extraction.
    if (loadTotalBytes === 0) loadTotalBytes = total ?? 0
    loadedBytes = loadTotalBytes
  }
  return {
    id,
    status,
    loadedBytes,
    loadTotalBytes,
    ...(current !== undefined && { doneBytes: current }),
    ...(total !== undefined && { totalBytes: total }),
  }
}

const partOf = ({ id, status, doneBytes, totalBytes }: LayerState): TaskPart => ({
  id,
  status,
  ...(doneBytes !== undefined && { doneBytes }),
  ...(totalBytes !== undefined && { totalBytes }),
})
