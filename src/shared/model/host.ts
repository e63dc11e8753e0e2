import type { EngineId } from './ids'

/** What an engine's host uses at one moment, as its agent reads it. */
export interface HostReading {
  /** The host's own clock, and how far it is ahead of core's (behind: negative), the road's delay included. */
  readonly atMs: number
  readonly clockAheadMs: number
  readonly uptimeMs: number
  readonly kernel: string
  readonly cpus: number
  /** Of all cores together: 0 to 100. */
  readonly cpuPercent: number
  /** Of the last 1, 5 and 15 minutes. */
  readonly load: readonly number[]
  readonly memoryBytes: number
  readonly usedBytes: number
  readonly swapBytes: number
  readonly swapUsedBytes: number
  /** The engine's data folder first; the host's root when it is another disk and to be seen. */
  readonly disks: readonly HostDisk[]
}

export interface HostDisk {
  readonly path: string
  readonly totalBytes: number
  readonly freeBytes: number
  readonly inodes: number
  readonly freeInodes: number
}

/** What the host listens on, containers' published ports included. */
export interface ListeningPorts {
  readonly ports: readonly ListeningPort[]
  /** There are more. */
  readonly isCut: boolean
}

export interface ListeningPort {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  /** Absent where the agent may not look. */
  readonly pid?: number
  readonly process?: string
}

export const diskKinds = ['image', 'container', 'volume', 'cache', 'other'] as const
export type DiskKind = (typeof diskKinds)[number]

/** What one object occupies on the engine's disk. */
export interface DiskEntry {
  readonly kind: DiskKind
  /**
   * The object's id in the inventory; of a build cache entry its id there or its layer's chain id, of anything else its
   * folder's name, or the digest of what was fetched and no image has.
   */
  readonly id: string
  /** Its own: what comes back when it alone goes. */
  readonly bytes: number
  /** Of an image: layers that other images have too. */
  readonly sharedBytes: number
  /** Of a container: how much of `bytes` is its log. */
  readonly logBytes?: number
  /** Of a build cache entry: what made it. */
  readonly note?: string
  /** Something in it could not be read: it is more. */
  readonly isCut?: boolean
}

/** What takes the space of an engine. */
export interface DiskReport {
  readonly engine: EngineId
  readonly measuredAtMs: number
  readonly tookMs: number
  /** `agent`: blocks on the disk. `api`: what the engine counts, by its store in lengths of files or in blocks; no logs nor the rest. */
  readonly road: 'agent' | 'api'
  /** False where images and containers are told as the engine counts them: the agent does not know its store. */
  readonly areLayersMeasured: boolean
  /** Layers that images share are in it once. */
  readonly totals: Readonly<Record<DiskKind, number>>
  /** The biggest first. */
  readonly entries: readonly DiskEntry[]
}

/** One item of `host.disk`: how far it came, at last the report. */
export type DiskItem =
  | { readonly kind: 'progress'; readonly files: number; readonly bytes: number }
  | { readonly kind: 'report'; readonly report: DiskReport }
