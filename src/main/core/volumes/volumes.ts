import type { Handlers } from '../../../shared/contract'
import { AppError, isCode } from '../../../shared/errors'
import type { EngineId, Json, PrunePlan, Volume, VolumeSize } from '../../../shared/model'
import { pathPart, type EngineClient, type EngineOf } from '../engine/engine'
import type { RowsOf, WholeRowsOf } from '../inventory/inventory'
import { volumeSizes } from './volume-sizes'

export interface VolumesDeps {
  readonly engineOf: EngineOf
  readonly rowsOf: RowsOf
  readonly wholeRowsOf: WholeRowsOf
  /** Ends what core itself keeps at a volume, if nobody works with it. */
  readonly letGo: (engine: EngineId, volume: string) => Promise<void>
}

type VolumeCalls = Pick<
  Handlers,
  | 'volumes.create'
  | 'volumes.remove'
  | 'volumes.inspect'
  | 'volumes.sizes'
  | 'volumes.prunePlan'
  | 'volumes.prune'
>

/** Deleting may mean millions of files. */
const removalTimeoutMs = 300_000
/** A plan is waited for by a person: past this it comes without sizes. */
const planSizesTimeoutMs = 20_000

export function volumeHandlers(deps: VolumesDeps): VolumeCalls {
  const { engineOf } = deps
  return {
    'volumes.create': async ({ engine, name, driver, options, labels }, signal) => {
      const volume = await engineOf(engine).json<{ Name: string }>({
        method: 'POST',
        path: '/volumes/create',
        body: { Name: name, Driver: driver, DriverOpts: options, Labels: labels },
        signal,
      })
      return { id: volume.Name }
    },
    'volumes.remove': async ({ engine, id, force }, signal) => {
      await removeVolume(deps, { engine, id, force }, signal)
      return null
    },
    'volumes.inspect': ({ engine, id }, signal) =>
      engineOf(engine).json<Json>({ path: `/volumes/${pathPart(id)}`, signal }),
    'volumes.sizes': async ({ engine }, signal) => ({ sizes: await volumeSizes(engineOf(engine), signal) }),
    'volumes.prunePlan': ({ engine, all }, signal) => planPrune(deps, { engine, all }, signal),
    'volumes.prune': ({ engine, ids }, signal) => prune(deps, { engine, ids }, signal),
  }
}

/** Names of containers that mount it, running or not. Anonymous volumes are mounts with a long name. */
function usersOf(rowsOf: RowsOf, engine: EngineId, volume: string): string[] {
  return rowsOf(engine, 'containers')
    .filter(({ mounts }) => mounts.some(({ type, source }) => type === 'volume' && source === volume))
    .map(({ name }) => name)
}

async function removeVolume(
  { engineOf, rowsOf, letGo }: VolumesDeps,
  { engine, id, force }: { engine: EngineId; id: string; force: boolean },
  signal: AbortSignal,
): Promise<void> {
  await letGo(engine, id)
  try {
    await engineOf(engine).json({
      method: 'DELETE',
      path: `/volumes/${pathPart(id)}`,
      query: { force: force || undefined },
      timeoutMs: removalTimeoutMs,
      signal,
    })
  } catch (error) {
    if (!isCode(error, 'object.in-use', 'object.conflict')) throw error
    const names = usersOf(rowsOf, engine, id)
    throw new AppError('object.in-use', `The volume ${id} is used by ${names.join(', ') || 'a container'}`, {
      facts: {
        ...error.facts,
        kind: 'volume',
        name: id,
        names: names.slice(0, 10).join(', '),
        count: names.length,
      },
      cause: error,
    })
  }
}

async function planPrune(
  { engineOf, wholeRowsOf }: VolumesDeps,
  { engine, all }: { engine: EngineId; all: boolean },
  signal: AbortSignal,
): Promise<PrunePlan> {
  const used = new Set(
    wholeRowsOf(engine, 'containers').flatMap(({ mounts }) =>
      mounts.filter(({ type }) => type === 'volume').map(({ source }) => source),
    ),
  )
  const going = wholeRowsOf(engine, 'volumes').filter(
    ({ id, isAnonymous }) => !used.has(id) && (all || isAnonymous),
  )
  if (going.length === 0) return { entries: [], totalBytes: 0 }
  const sizes = await sizesIfQuick(engineOf(engine), signal)
  const entries = going.map((volume) => entryOf(volume, sizes))
  const known = entries.filter(({ sizeBytes }) => sizeBytes !== undefined)
  const totalBytes = known.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0)
  return { entries, ...(known.length > 0 && { totalBytes }) }
}

function entryOf({ id, createdAtMs }: Volume, sizes: ReadonlyMap<string, number>) {
  const sizeBytes = sizes.get(id)
  return {
    id,
    name: id,
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(createdAtMs > 0 && { createdAtMs }),
  }
}

/** What is deleted should be told with its size, but a slow disk must not hide the list. */
async function sizesIfQuick(engine: EngineClient, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const sizes = await volumeSizes(engine, signal, planSizesTimeoutMs).catch(
    (error: unknown): VolumeSize[] => {
      if (isCode(error, 'engine.not-responding', 'engine.unsupported', 'engine.failed')) return []
      throw error
    },
  )
  return new Map(sizes.filter(({ sizeBytes }) => sizeBytes >= 0).map(({ id, sizeBytes }) => [id, sizeBytes]))
}

/** Removes just the named ones. One that is used by now stays, and does not stop the others. */
async function prune(
  deps: VolumesDeps,
  { engine, ids }: { engine: EngineId; ids: readonly string[] },
  signal: AbortSignal,
): Promise<{ removed: number; reclaimedBytes: number }> {
  const sizes = await sizesIfQuick(deps.engineOf(engine), signal)
  let removed = 0
  let reclaimedBytes = 0
  let refusal: AppError | undefined
  for (const id of new Set(ids)) {
    try {
      await removeVolume(deps, { engine, id, force: false }, signal)
      removed++
      reclaimedBytes += sizes.get(id) ?? 0
    } catch (error) {
      if (!isCode(error, 'object.in-use', 'object.not-found')) throw error
      if (error.code === 'object.in-use') refusal ??= error
    }
  }
  if (removed === 0 && refusal) throw refusal
  return { removed, reclaimedBytes }
}
