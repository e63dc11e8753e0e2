import type { DiskItem, DiskReport, EngineId } from '../../../shared/model'
import type { AgentClient } from '../agent/agent-client'
import { readStream } from '../agent/read-stream'
import type { EngineClient } from '../engine/engine'
import { cacheNotes, countedDisk } from './counted-disk'
import { biggestFirst, MeasuredDisk, type AgentDiskItem, type Counted } from './measured-disk'

/** Who comes back to the page sees what was measured, and when; then it is measured anew. */
const freshMs = 10 * 60_000

export interface DiskDeps {
  readonly engineOf: (engine: EngineId) => EngineClient
  readonly agentFor: (engine: EngineId, method: string) => AgentClient | undefined
  readonly nowMs?: () => number
}

/** The reports of all engines, the last one of each kept. */
export class DiskReports {
  readonly #kept = new Map<EngineId, DiskReport>()
  readonly #nowMs: () => number

  constructor(private readonly deps: DiskDeps) {
    this.#nowMs = deps.nowMs ?? Date.now
  }

  async *read(engine: EngineId, isFresh: boolean, signal: AbortSignal): AsyncGenerator<DiskItem> {
    const client = this.deps.engineOf(engine)
    const agent = this.deps.agentFor(engine, 'host.disk')
    const kept = this.#kept.get(engine)
    const isGood = kept && this.#nowMs() - kept.measuredAtMs < freshMs && (kept.road === 'agent' || !agent)
    if (isGood && !isFresh) {
      yield { kind: 'report', report: kept }
      return
    }
    const startedMs = this.#nowMs()
    const counted = agent ? yield* measured(agent, client, signal) : await countedDisk(client, signal)
    signal.throwIfAborted()
    const endMs = this.#nowMs()
    const report: DiskReport = {
      ...{ engine, measuredAtMs: endMs, tookMs: endMs - startedMs, road: agent ? 'agent' : 'api' },
      ...counted,
    }
    this.#kept.set(engine, report)
    yield { kind: 'report', report }
  }
}

async function* measured(
  agent: AgentClient,
  client: EngineClient,
  signal: AbortSignal,
): AsyncGenerator<DiskItem, Counted> {
  const disk = new MeasuredDisk()
  const { rootDir: root, storageDriver: driver } = client.facts
  const asked = { method: 'host.disk', args: { root, driver } }
  for await (const item of readStream(agent, asked, signal)) {
    const told = item as AgentDiskItem
    disk.take(told)
    if (told.kind === 'progress') yield { kind: 'progress', files: told.files, bytes: told.bytes }
  }
  signal.throwIfAborted()
  const counted = disk.count()
  if (counted.areLayersMeasured) return withNotes(counted, await cacheNotes(client, signal))
  return joined(counted, await countedDisk(client, signal))
}

const withNotes = (counted: Counted, notes: ReadonlyMap<string, string>): Counted => ({
  ...counted,
  entries: counted.entries.map((entry) => {
    const note = entry.kind === 'cache' ? notes.get(entry.id) : undefined
    return note ? { ...entry, note } : entry
  }),
})

/** A store that the agent does not know: images, layers and build cache by the engine; volumes and logs as measured. */
function joined(measuredPart: Counted, counted: Counted): Counted {
  const layerBytes = new Map(
    counted.entries.flatMap(({ kind, id, bytes }) => (kind === 'container' ? [[id, bytes]] : [])),
  )
  const own = measuredPart.entries
    // Its store is somewhere in there, and counted by the engine.
    .filter(({ kind }) => kind !== 'other')
    .map((entry) => ({ ...entry, bytes: entry.bytes + (layerBytes.get(entry.id) ?? 0) }))
  const theirs = counted.entries.filter(({ kind }) => kind === 'image' || kind === 'cache')
  const entries = biggestFirst([...own, ...theirs])
  const sum = (kind: 'container' | 'volume'): number =>
    entries.reduce((total, entry) => (entry.kind === kind ? total + entry.bytes : total), 0)
  const totals = { ...counted.totals, container: sum('container'), volume: sum('volume') }
  return { areLayersMeasured: false, totals, entries }
}
