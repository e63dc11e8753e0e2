import { AppError, isCode } from '../../../shared/errors'
import type { EngineId, Image, PrunePlan } from '../../../shared/model'
import { shortId } from '../../../shared/model'
import { pathPart, type EngineClient } from '../engine/engine'
import { digestsOf, tagsOf } from '../inventory/image-row'
import type { RowsOf } from '../inventory/inventory'
import { freedBytes, type LayerIndex } from './layer-index'

interface Removed {
  readonly deleted: number
  readonly untagged: number
}

/** Removal may delete gigabytes of files before it answers. */
const removalTimeoutMs = 300_000

/**
 * Removes an image with all its tags. Asked for by a person who saw an image, not a tag, so several tags
 * are no reason to refuse; a container that uses it is, unless forced.
 */
export async function removeImage(
  engine: EngineClient,
  { id, force, rowsOf }: { id: string; force: boolean; rowsOf: RowsOf },
  signal: AbortSignal,
): Promise<Removed> {
  if (!force) refuseUsed(engine.id, id, rowsOf)
  if (force) return deleteOne(engine, { name: id, force }, signal)
  const names = await namesOf(engine, id, signal)
  const sum = { deleted: 0, untagged: 0 }
  // One name after the other: only the last takes the image, so a refusal on the way leaves it whole.
  for (const name of names.length > 1 ? names : [id]) {
    const removed = await deleteOne(engine, { name, force }, signal)
    sum.deleted += removed.deleted
    sum.untagged += removed.untagged
  }
  return sum
}

function refuseUsed(engine: EngineId, id: string, rowsOf: RowsOf): void {
  const users = rowsOf(engine, 'containers')
    .filter((container) => container.imageId === id)
    .map(({ name }) => name)
  if (users.length === 0) return
  const name = rowsOf(engine, 'images').find((image) => image.id === id)?.tags[0] ?? shortId(id)
  throw new AppError('object.in-use', `The image ${name} is used by ${users.join(', ')}`, {
    facts: { kind: 'image', name, names: users.slice(0, 10).join(', '), count: users.length },
  })
}

async function namesOf(engine: EngineClient, id: string, signal: AbortSignal): Promise<string[]> {
  const image = await engine.json<{ RepoTags?: unknown; RepoDigests?: unknown }>({
    path: `/images/${pathPart(id)}/json`,
    signal,
  })
  const tags = tagsOf(image.RepoTags)
  const repositories = new Set(tags.map((tag) => tag.slice(0, tag.lastIndexOf(':'))))
  // A digest goes with the last tag of its repository; only those without one are names of their own.
  const digests = digestsOf(image.RepoDigests).filter((d) => !repositories.has(d.slice(0, d.indexOf('@'))))
  return [...tags, ...digests]
}

async function deleteOne(
  engine: EngineClient,
  { name, force }: { name: string; force: boolean },
  signal: AbortSignal,
): Promise<Removed> {
  const lines = await engine.json<readonly { Deleted?: string; Untagged?: string }[] | null>({
    method: 'DELETE',
    path: `/images/${pathPart(name)}`,
    query: { force: force || undefined },
    timeoutMs: removalTimeoutMs,
    signal,
  })
  return {
    deleted: (lines ?? []).filter((line) => line.Deleted !== undefined).length,
    untagged: (lines ?? []).filter((line) => line.Untagged !== undefined).length,
  }
}

/** Takes one tag off. The last one would take the image with it, which is another question. */
export async function untagImage(
  engine: EngineClient,
  reference: string,
  signal: AbortSignal,
): Promise<null> {
  const names = await namesOf(engine, reference, signal)
  if (names.length <= 1) {
    throw new AppError('object.conflict', `${reference} is the last name of its image`, {
      facts: { name: reference, problem: 'last-tag' },
    })
  }
  await deleteOne(engine, { name: reference, force: false }, signal)
  return null
}

interface Pruning {
  readonly engine: EngineClient
  /** For a plan: throws where a list is not here. */
  readonly rowsOf: RowsOf
  readonly index: LayerIndex
}

/** What no container uses: all, or only what no name leads to. */
export async function planPrune(
  { engine, rowsOf, index }: Pruning,
  all: boolean,
  signal: AbortSignal,
): Promise<PrunePlan> {
  const rows = rowsOf(engine.id, 'images')
  const going = unused(engine.id, rowsOf).filter(
    (image) => all || (image.tags.length === 0 && image.digests.length === 0),
  )
  const leaving = new Set(going)
  const staying = rows.filter((row) => !leaving.has(row))
  const totalBytes = freedBytes(await index.layersOf(engine, rows, signal), { going, staying })
  return {
    entries: going.map(({ id, tags, digests, sizeBytes, createdAtMs }) => ({
      id,
      name: tags[0] ?? digests[0] ?? shortId(id),
      sizeBytes,
      createdAtMs,
      ...(tags.length > 1 && { note: tags.slice(1).join(', ') }),
    })),
    totalBytes,
  }
}

function unused(engine: EngineId, rowsOf: RowsOf): Image[] {
  const used = new Set<string>(rowsOf(engine, 'containers').map((container) => container.imageId))
  return rowsOf(engine, 'images').filter((image) => !used.has(image.id))
}

/** Removes just the named ones. One that is used by now stays, and does not stop the others. */
export async function prune(
  { engine, rowsOf, index }: Pruning,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<{ removed: number; reclaimedBytes: number }> {
  const rows = rowsOf(engine.id, 'images')
  // Read before they go: afterwards nobody can tell what their layers were.
  const layers = await index.layersOf(engine, rows, signal)
  const gone: Image[] = []
  let refusal: AppError | undefined
  for (const id of new Set(ids)) {
    const row = rows.find((image) => image.id === id)
    try {
      await removeImage(engine, { id, force: false, rowsOf }, signal)
      if (row) gone.push(row)
    } catch (error) {
      if (!isCode(error, 'object.in-use', 'object.conflict', 'object.not-found')) throw error
      if (error.code !== 'object.not-found') refusal ??= error
    }
  }
  if (gone.length === 0 && refusal) throw refusal
  const staying = rows.filter((row) => !gone.includes(row))
  return { removed: gone.length, reclaimedBytes: freedBytes(layers, { going: gone, staying }) }
}
