import type { Handlers } from '../../../shared/contract'
import { isCode } from '../../../shared/errors'
import type { PruneEntry } from '../../../shared/model'
import { pathPart, type EngineClient, type EngineOf } from '../engine/engine'

interface Listed {
  readonly Id: string
  readonly Names?: readonly string[] | null
  readonly Image?: string
  readonly Created?: number
  readonly Status?: string
  readonly SizeRw?: number
}

/** Sizes make the engine walk every container's files. */
const listMs = 120_000
const removeMs = 600_000
/** The engine removes one after the other below a lock; a few at once hide the round trips. */
const atOnce = 4

export function pruneHandlers(
  engineOf: EngineOf,
): Pick<Handlers, 'containers.prunePlan' | 'containers.prune'> {
  return {
    'containers.prunePlan': async ({ engine }, signal) => {
      const entries = (await listStopped(engineOf(engine), signal)).map(entryOf)
      return { entries, totalBytes: entries.reduce((sum, entry) => sum + (entry.sizeBytes ?? 0), 0) }
    },
    'containers.prune': async ({ engine, ids }, signal) => {
      const client = engineOf(engine)
      const sizes = new Map((await listStopped(client, signal)).map((c) => [c.Id, c.SizeRw ?? 0]))
      // What runs again, or is gone, since the plan was shown is left alone.
      const left = ids.filter((id) => sizes.has(id))
      const done = { removed: 0, reclaimedBytes: 0 }
      const failures: unknown[] = []
      const work = async (): Promise<void> => {
        for (let id = left.shift(); id !== undefined; id = left.shift())
          try {
            if (!(await remove(client, id, signal))) continue
            done.removed++
            done.reclaimedBytes += sizes.get(id) ?? 0
          } catch (error) {
            failures.push(error)
            // One that the engine cannot remove does not keep the others.
            if (!isCode(error, 'engine.failed')) left.length = 0
          }
      }
      // Nothing is removed any more once the person is told.
      await Promise.all(Array.from({ length: atOnce }, work))
      if (failures.length > 0) throw failures[0]
      return done
    },
  }
}

function listStopped(client: EngineClient, signal: AbortSignal): Promise<readonly Listed[]> {
  return client.json<readonly Listed[]>({
    path: '/containers/json',
    query: { all: true, size: true, filters: { status: ['created', 'exited', 'dead'] } },
    timeoutMs: listMs,
    signal,
  })
}

const entryOf = (listed: Listed): PruneEntry => ({
  id: listed.Id,
  name: (listed.Names?.[0] ?? listed.Id.slice(0, 12)).replace(/^\//, ''),
  sizeBytes: listed.SizeRw ?? 0,
  createdAtMs: (listed.Created ?? 0) * 1000,
  note: [listed.Image, listed.Status].filter(Boolean).join(', '),
})

/** False when it was started or removed by someone else just now. */
async function remove(client: EngineClient, id: string, signal: AbortSignal): Promise<boolean> {
  try {
    await client.json({ method: 'DELETE', path: `/containers/${pathPart(id)}`, timeoutMs: removeMs, signal })
    return true
  } catch (error) {
    if (isCode(error, 'object.not-found', 'object.in-use', 'object.conflict')) return false
    throw error
  }
}
