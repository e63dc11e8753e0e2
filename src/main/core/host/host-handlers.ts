import type { Handlers } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import type { EngineId, HostDisk, HostReading, ListeningPorts } from '../../../shared/model'
import type { AgentClient } from '../agent/agent-client'
import { readStream } from '../agent/read-stream'
import { DiskReports, type DiskDeps } from './disk-report'

/** A person reads no faster, and each reading costs the host a walk over a few files. */
const intervalMs = 2000

/** A message of the agent's `host.watch`; see native/agent/host/reading.go. */
interface AgentReading {
  readonly epochMs: number
  readonly uptimeMs: number
  readonly kernel: string
  readonly cpus: number
  /** Since the host's start, of all cores. */
  readonly cpuBusyMs: number
  readonly cpuTotalMs: number
  readonly load: readonly number[]
  readonly memoryBytes: number
  readonly availableBytes: number
  readonly swapBytes: number
  readonly swapFreeBytes: number
  readonly disks: readonly HostDisk[]
}

type HostHandlers = Pick<Handlers, 'host.watch' | 'host.disk' | 'host.ports' | 'host.log'>

/** What the engines' hosts use and hold. */
export function hostHandlers(deps: DiskDeps): HostHandlers {
  const reports = new DiskReports(deps)
  const agentOf = (engine: EngineId, method: string): { agent: AgentClient; root: string } => {
    const { rootDir } = deps.engineOf(engine).facts
    const agent = deps.agentFor(engine, method)
    if (!agent) throw new AppError('engine.unsupported', 'No agent serves it', { facts: { what: 'agent' } })
    return { agent, root: rootDir }
  }
  return {
    'host.watch': ({ engine }, { signal }) => watch(agentOf(engine, 'host.watch'), signal),
    'host.disk': ({ engine, isFresh }, { signal }) => reports.read(engine, isFresh, signal),
    'host.ports': ({ engine }, signal) =>
      agentOf(engine, 'host.ports').agent.call<ListeningPorts>('host.ports', {}, signal),
    'host.log': ({ engine, lines }, signal) => {
      const { agent, root } = agentOf(engine, 'host.log')
      return agent.call<{ lines: string[] }>('host.log', { root, lines }, signal)
    },
  }
}

async function* watch(
  { agent, root }: { agent: AgentClient; root: string },
  signal: AbortSignal,
): AsyncGenerator<HostReading> {
  let before: AgentReading | undefined
  for await (const item of readStream(agent, { method: 'host.watch', args: { root, intervalMs } }, signal)) {
    const now = item as AgentReading
    yield toReading(now, before)
    before = now
  }
}

/** CPU is a difference: since the reading before; at first since the host's start. */
export function toReading(now: AgentReading, before: AgentReading | undefined): HostReading {
  const totalMs = now.cpuTotalMs - (before?.cpuTotalMs ?? 0)
  const busyMs = now.cpuBusyMs - (before?.cpuBusyMs ?? 0)
  return {
    ...{ atMs: now.epochMs, clockAheadMs: now.epochMs - Date.now() },
    ...{ uptimeMs: now.uptimeMs, kernel: now.kernel, cpus: now.cpus, load: now.load, disks: now.disks },
    cpuPercent: totalMs > 0 ? Math.min(100, Math.max(0, (busyMs / totalMs) * 100)) : 0,
    memoryBytes: now.memoryBytes,
    usedBytes: Math.max(0, now.memoryBytes - now.availableBytes),
    swapBytes: now.swapBytes,
    swapUsedBytes: Math.max(0, now.swapBytes - now.swapFreeBytes),
  }
}
