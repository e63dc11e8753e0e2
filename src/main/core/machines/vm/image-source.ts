import type { Progress } from '../../../../shared/model'
import type { ImageFiles } from './backend'

/** What is still to be done before a machine can boot. */
export interface ImageState {
  readonly way: 'ready' | 'download' | 'build' | 'none'
  /** To fetch; 0 when it is there or is built. */
  readonly bytes: number
}

/** Where the files of a machine come from: downloaded and checked, or built. */
export interface ImageSource {
  state(): Promise<ImageState>
  /** The newest image, fetched or built when it is not there. Throws a code that says what is missing. */
  ensure(more: { signal: AbortSignal; progress: (progress: Progress) => void }): Promise<ImageFiles>
  /** An image that is still kept: what was suspended goes on with its own. */
  find(id: string): Promise<ImageFiles | undefined>
  /** Takes away what none of these needs and is not the newest. */
  removeUnused?(usedIds: readonly string[]): Promise<unknown>
}
