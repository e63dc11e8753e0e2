import type { Progress, TaskPart } from '../../../shared/model'
import type { StreamMessage } from './stream-message'

interface LayerState extends TaskPart {
  /** Of the download, which is what the sum counts: extraction starts its own count from nothing. */
  readonly loadedBytes: number
  readonly loadTotalBytes: number
  readonly isBegun: boolean
}

const downloaded = new Set([
  'Already exists',
  'Verifying Checksum',
  'Download complete',
  'Extracting',
  'Pull complete',
])
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

  /** False where nothing moved: containerd's store says ten times a second where each layer stands. */
  add(message: StreamMessage): boolean {
    const { id, status } = message
    if (status === undefined) return false
    if (id === undefined || aboutImage.test(status)) {
      this.#note = status
      return true
    }
    const before = this.#layers.get(id)
    const after = next(before, { ...message, id, status })
    if (before && isSame(before, after)) return false
    this.#layers.set(id, after)
    this.#changed.add(id)
    return true
  }

  /**
   * Who has the next word. `registry`: it has not told the layers, or one of them is coming. `either`: containerd's
   * store names each layer as it begins, and says no more of one whose content is here while it unpacks it.
   * `engine`: all layers are here.
   */
  get awaits(): 'registry' | 'either' | 'engine' {
    const absent = [...this.#layers.values()].filter(({ status }) => !downloaded.has(status))
    if (this.#layers.size === 0 || absent.some(({ isBegun }) => isBegun)) return 'registry'
    return absent.length > 0 ? 'either' : 'engine'
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

  /** Totals grow while layers are still waiting for their turn: the engine tells a size when it begins, none before. */
  #sums(): Pick<Progress, 'doneBytes' | 'totalBytes'> {
    let doneBytes = 0
    let totalBytes = 0
    for (const layer of this.#layers.values()) {
      doneBytes += layer.loadedBytes
      totalBytes += layer.loadTotalBytes
    }
    return totalBytes === 0 ? {} : { doneBytes, totalBytes }
  }
}

function next(
  before: LayerState | undefined,
  message: StreamMessage & { id: string; status: string },
): LayerState {
  const { id, status } = message
  const { current, total } = bytesOf(message)
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
    isBegun: status === 'Downloading' || before?.isBegun === true,
    ...(current !== undefined && { doneBytes: current }),
    ...(total !== undefined && { totalBytes: total }),
  }
}

/** Where the engine counts something else it is seconds: newer ones tell so how long they have been extracting. */
const bytesOf = ({ progressDetail }: StreamMessage): NonNullable<StreamMessage['progressDetail']> =>
  progressDetail && progressDetail.units === undefined ? progressDetail : {}

const isSame = (one: LayerState, other: LayerState): boolean =>
  one.status === other.status &&
  one.doneBytes === other.doneBytes &&
  one.totalBytes === other.totalBytes &&
  one.loadTotalBytes === other.loadTotalBytes

const partOf = ({ id, status, doneBytes, totalBytes }: LayerState): TaskPart => ({
  id,
  status,
  ...(doneBytes !== undefined && { doneBytes }),
  ...(totalBytes !== undefined && { totalBytes }),
})
