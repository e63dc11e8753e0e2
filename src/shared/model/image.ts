import type { EngineId, ImageId } from './ids'

export interface Image {
  readonly engine: EngineId
  readonly id: ImageId
  /** `repository:tag`, without `<none>:<none>`. Empty for a dangling image. */
  readonly tags: readonly string[]
  readonly digests: readonly string[]
  readonly createdAtMs: number
  readonly sizeBytes: number
  readonly labels: Readonly<Record<string, string>>
}

/** One line of an image's history, newest last (the order in which it was built). */
export interface Layer {
  /** Position among all history lines, from 0. */
  readonly index: number
  readonly command: string
  readonly createdAtMs: number
  readonly sizeBytes: number
  /** True for lines that changed configuration only and made no layer. */
  readonly isEmpty: boolean
  /** The layer's diff id; absent for empty lines and where the engine does not tell. */
  readonly diffId?: string
  readonly comment: string
  readonly tags: readonly string[]
  /** Other images of this engine that hold the same layer at the same place. */
  readonly sharedWith: readonly { readonly id: ImageId; readonly tag: string }[]
}
