import type { ObjectRef, StatSample } from '../../../shared/model'

/** One line of `GET /containers/{id}/stats` (API 1.41), as far as a sample needs it. */
export interface EngineStats {
  readonly read?: string
  readonly cpu_stats?: CpuStats
  readonly memory_stats?: {
    readonly usage?: number
    readonly limit?: number
    readonly stats?: Readonly<Record<string, number>> | null
  }
  readonly pids_stats?: { readonly current?: number }
  readonly networks?: Readonly<
    Record<string, { readonly rx_bytes?: number; readonly tx_bytes?: number }>
  > | null
  readonly blkio_stats?: {
    readonly io_service_bytes_recursive?: readonly { readonly op?: string; readonly value?: number }[] | null
  }
}

export interface CpuStats {
  /** Nanoseconds since the container's start. */
  readonly cpu_usage?: { readonly total_usage?: number; readonly percpu_usage?: readonly number[] | null }
  /** Nanoseconds of all cores of the host. Podman puts something else here. */
  readonly system_cpu_usage?: number
  readonly online_cpus?: number
}

/** What the next reading is compared with. */
export interface CpuReading {
  readonly atMs: number
  readonly totalNs: number
  readonly systemNs: number
}

/** The counters of a line; `undefined` for the empty line of a container that does not run. */
export function cpuReading(stats: EngineStats): CpuReading | undefined {
  const atMs = Date.parse(stats.read ?? '')
  const totalNs = stats.cpu_stats?.cpu_usage?.total_usage
  if (!(atMs > 0) || totalNs === undefined || !stats.memory_stats) return undefined
  // A stopped one keeps its zeros, with a time.
  if (totalNs === 0 && !stats.memory_stats.usage) return undefined
  return { atMs, totalNs, systemNs: stats.cpu_stats?.system_cpu_usage ?? 0 }
}

/** Two readings and the line of the second, as a sample. 100 % is one full core. */
export function statSample(
  ref: ObjectRef,
  stats: EngineStats,
  readings: { before: CpuReading; now: CpuReading; isPodman: boolean },
): StatSample {
  const { before, now, isPodman } = readings
  const io = stats.blkio_stats?.io_service_bytes_recursive ?? []
  const nets = Object.values(stats.networks ?? {})
  return {
    engine: ref.engine,
    id: ref.id as StatSample['id'],
    atMs: now.atMs,
    cpuPercent: cpuPercent({ before, now, cores: isPodman ? 0 : coresOf(stats.cpu_stats) }),
    memoryBytes: workingSet(stats.memory_stats),
    memoryLimitBytes: stats.memory_stats?.limit ?? 0,
    pids: stats.pids_stats?.current ?? 0,
    netRxBytes: sum(nets.map((net) => net.rx_bytes)),
    netTxBytes: sum(nets.map((net) => net.tx_bytes)),
    // cgroup v1 writes `Read`, v2 `read`.
    blockReadBytes: sum(io.filter((entry) => /^read$/i.test(entry.op ?? '')).map((entry) => entry.value)),
    blockWriteBytes: sum(io.filter((entry) => /^write$/i.test(entry.op ?? '')).map((entry) => entry.value)),
  }
}

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0)

const coresOf = (cpu: CpuStats | undefined): number =>
  cpu?.online_cpus || cpu?.cpu_usage?.percpu_usage?.filter((ns) => ns > 0).length || 0

/**
 * The container's share of all cores' time, as the docker command computes it. Where the engine tells no
 * host counter that fits (Podman), by the clock between the readings.
 */
function cpuPercent(readings: { before: CpuReading; now: CpuReading; cores: number }): number {
  const { before, now, cores } = readings
  const usedNs = now.totalNs - before.totalNs
  // The counters began again: a restart between the readings.
  if (usedNs <= 0) return 0
  const systemNs = now.systemNs - before.systemNs
  if (cores > 0 && before.systemNs > 0 && systemNs > 0) return (usedNs / systemNs) * cores * 100
  const clockNs = (now.atMs - before.atMs) * 1e6
  return clockNs > 0 ? (usedNs / clockNs) * 100 : 0
}

/** Usage without the file cache that the kernel gives back when asked: cgroup v1's name first, then v2's. */
function workingSet(memory: EngineStats['memory_stats']): number {
  const usage = memory?.usage ?? 0
  const cache = memory?.stats?.['total_inactive_file'] ?? memory?.stats?.['inactive_file'] ?? 0
  return cache < usage ? usage - cache : usage
}
