import type { ContainerId, EngineId, ImageId } from './ids'

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'
export type Health = 'starting' | 'healthy' | 'unhealthy'

export interface PublishedPort {
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly containerPort: number
  /** Absent for a port that is exposed only. */
  readonly hostPort?: number
  readonly hostIp?: string
}

export interface ContainerMount {
  readonly type: 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image'
  /** A volume's name, or a path on the engine's host. */
  readonly source: string
  readonly target: string
  readonly isReadOnly: boolean
}

/** A row of the containers list: what one `GET /containers/json` tells, no more. */
export interface Container {
  readonly engine: EngineId
  readonly id: ContainerId
  readonly name: string
  /** As the person wrote it. */
  readonly image: string
  readonly imageId: ImageId
  readonly command: string
  readonly createdAtMs: number
  readonly state: ContainerState
  /** The engine's own words: `Up 5 minutes (healthy)`. */
  readonly status: string
  readonly health?: Health
  /** Of the last run, when it has ended. */
  readonly exitCode?: number
  readonly ports: readonly PublishedPort[]
  readonly mounts: readonly ContainerMount[]
  /** Names of networks, with the container's address in each. */
  readonly networks: readonly { readonly name: string; readonly ip?: string }[]
  readonly labels: Readonly<Record<string, string>>
  /** From Compose's own labels. */
  readonly project?: string
  readonly service?: string
}

/** One reading of one container, already computed: what the engine's stats stream gives in raw counters. */
export interface StatSample {
  readonly engine: EngineId
  readonly id: ContainerId
  /** Engine's clock. */
  readonly atMs: number
  /** 100 is one full core. */
  readonly cpuPercent: number
  /** Working set: usage less inactive file cache, as `docker stats` shows it. */
  readonly memoryBytes: number
  readonly memoryLimitBytes: number
  readonly pids: number
  /** Counters since the container's start. */
  readonly netRxBytes: number
  readonly netTxBytes: number
  readonly blockReadBytes: number
  readonly blockWriteBytes: number
  /** Processes that the kernel killed because memory ran out, since the container's start. Only an agent tells it. */
  readonly oomKills?: number
  /** Absent where no agent reads it or the kernel has none (cgroup v1, no PSI). */
  readonly pressure?: Pressure
}

/** The share of the last 10 s in which some task waited for each: 0 to 100. */
export interface Pressure {
  readonly cpuPercent: number
  readonly memoryPercent: number
  readonly ioPercent: number
}
