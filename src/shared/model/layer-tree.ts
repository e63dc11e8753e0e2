import type { ImageId } from './ids'

/** How core reads layers: the agent walks their folders, or the engine's `save` is read once through. */
export type LayerRoad = 'agent' | 'save'

export type LayerEntryKind =
  'file' | 'folder' | 'link' | 'char-device' | 'block-device' | 'pipe' | 'socket' | 'unknown'

/** What one layer did to a path; in a comparison, what the second image has against the first. */
export type LayerChange = 'added' | 'changed' | 'removed' | 'unchanged'

/** `layer`: what that layer alone did. `sum`: all that is there once it lies on those below, with its marks. */
export type LayerView = 'layer' | 'sum'

/** One layer of an image, the lowest first. */
export interface ImageLayer {
  readonly index: number
  readonly diffId: string
  /** Bytes of the files that it holds, hard links once. */
  readonly sizeBytes: number
  /** The instruction that made it; empty where nobody wrote it down. */
  readonly command: string
  readonly createdAtMs: number
  /** Paths, folders included; what a removed folder held is counted too. */
  readonly added: number
  readonly changed: number
  readonly removed: number
  /** Bytes of this layer that a later one hides. */
  readonly wastedBytes: number
}

export interface LayerSummary {
  /** Asked for by name, this is what the name meant. */
  readonly id: ImageId
  readonly layers: readonly ImageLayer[]
  /** Bytes of all layers, and those among them that nobody can see in the image. */
  readonly totalBytes: number
  readonly wastedBytes: number
  /** 0 to 1: the part of all bytes that can be seen. 1 for an image without bytes. */
  readonly efficiency: number
  readonly entries: number
  readonly road: LayerRoad
  /** Entries that no engine would unpack where they ask to be, as `../../etc/passwd`: left out. */
  readonly refused: number
}

/** A path, as some layer left it. For `removed` ones: as it was before. */
export interface LayerEntry {
  /**
   * From the root, beginning with `/`: the key in all questions. A byte that is not UTF-8 and each backslash
   * stand as `\xHH`, so it may differ from what a person should read: show `name`.
   */
  readonly path: string
  readonly name: string
  /** `name` or `linkTarget` shows bytes that are no UTF-8 as `\xHH`. */
  readonly isEscaped: boolean
  readonly kind: LayerEntryKind
  readonly change: LayerChange
  /** A file's length, also of its second names. */
  readonly sizeBytes: number
  /** What it counts in sums: of the names of one file only the first counts its bytes. For folders 0. */
  readonly ownBytes: number
  /** Sum of `ownBytes` of it and all below it that is there. */
  readonly belowBytes: number
  /** Bytes that the layer took away, here and below. */
  readonly removedBytes: number
  /** Paths below it, at every depth. */
  readonly belowCount: number
  /** Names directly in it. */
  readonly childCount: number
  /** Something below it was added, changed or removed by the layer. */
  readonly hasChangesBelow: boolean
  /** Permission bits with setuid, setgid and sticky: `0o7777`. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtimeMs: number
  readonly linkTarget?: string
  /** How many names of this layer share its content; absent for one. */
  readonly hardLinks?: number
  readonly xattrs: readonly string[]
  /** This layer's folder hides all that lies below it. */
  readonly isOpaque: boolean
  readonly device?: { readonly major: number; readonly minor: number }
  /** The layer that wrote what is shown. */
  readonly layer: number
  /** The later layer that replaced or removed it. */
  readonly hiddenBy?: { readonly layer: number; readonly how: 'changed' | 'removed' }
  /** What is below was not read: deeper than anyone looks. */
  readonly isCut: boolean
}

export type LayerSort = 'name' | 'size' | 'count' | 'time'

export interface LayerChildren {
  readonly entries: readonly LayerEntry[]
  /** Of all, also those that were cut off. */
  readonly total: number
}

/** Bytes at one path that nobody can see in the image. */
export interface WastedPath {
  readonly path: string
  readonly name: string
  readonly wastedBytes: number
  /** Each copy that is hidden: who wrote it, and whose instruction hides it. */
  readonly copies: readonly {
    readonly layer: number
    readonly sizeBytes: number
    readonly hiddenBy: number
    readonly how: 'changed' | 'removed'
  }[]
}

/** A node of a treemap. Children are the largest first; what is too small or too many is joined in one. */
export interface SizeNode {
  readonly path: string
  readonly name: string
  readonly kind: LayerEntryKind | 'others'
  readonly bytes: number
  /** How many paths an `others` node stands for. */
  readonly count: number
  readonly change: LayerChange
  readonly layer: number
  readonly children?: readonly SizeNode[]
}

export interface ReadProgress {
  readonly kind: 'progress'
  /** Absent: the trees are read. `contents`: of two images, the files of one size; `entries` says how many were. */
  readonly phase?: 'contents'
  /** Which of the layers is read, from 0; with `save` how many were. */
  readonly layer: number
  /** 0: not known yet. */
  readonly layers: number
  readonly entries: number
  /** Bytes read off the engine; 0 for the trees with an agent, which reads no contents. */
  readonly bytes: number
  /** About how many there will be: what the engine says the image takes. */
  readonly totalBytes: number
}

/** Counted without folders. */
export interface CompareCounts {
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly same: number
  readonly addedBytes: number
  readonly removedBytes: number
  /** Growth of what was changed; negative when it shrank. */
  readonly changedBytes: number
}

export interface ConfigDifference {
  /** `Env.PATH`, `Cmd`, `Labels.maintainer`, `ExposedPorts.80/tcp`… */
  readonly key: string
  /** As text: lists and objects as JSON. Absent: not there. */
  readonly before?: string
  readonly after?: string
}

export interface CompareSummary {
  readonly before: LayerSummary
  readonly after: LayerSummary
  readonly files: CompareCounts
  /** Bytes of each image as it is seen, without what is hidden. */
  readonly beforeBytes: number
  readonly afterBytes: number
  readonly config: readonly ConfigDifference[]
  /** Lowest layers that are one and the same, by digest. */
  readonly sharedLayers: number
  readonly sharedBytes: number
}

/** What makes two paths differ. `content`: same length, other bytes. `time` alone is no change. */
export type Difference = 'kind' | 'size' | 'content' | 'mode' | 'owner' | 'time' | 'link' | 'xattrs'

export interface CompareEntry {
  readonly path: string
  readonly name: string
  readonly isEscaped: boolean
  readonly change: LayerChange
  readonly differs: readonly Difference[]
  readonly before?: LayerEntry
  readonly after?: LayerEntry
  /** Sums over it and all below it. */
  readonly beforeBytes: number
  readonly afterBytes: number
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly childCount: number
}

/** What a container did to its image's files. Folders in which only something below changed are left out. */
export interface ContainerChange {
  /** As in `LayerEntry`. */
  readonly path: string
  readonly change: Exclude<LayerChange, 'unchanged'>
  /** Absent where only the Engine API tells, which knows no more than the path. */
  readonly kind?: LayerEntryKind
  readonly sizeBytes?: number
}

export interface ContainerChanges {
  readonly kind: 'changes'
  readonly road: 'agent' | 'api'
  /** By path. */
  readonly changes: readonly ContainerChange[]
  /** There are more than these. */
  readonly isCut: boolean
}
