import type { Client } from '../../shared/contract'
import { AppError } from '../../shared/errors'
import type { Container, Engine, InventoryItem } from '../../shared/model'

export interface Snapshot {
  readonly engines: readonly Engine[]
  readonly containers: readonly Container[]
}

/** What the inventory holds now: the first item of its feed. */
export async function snapshotOf(client: Client): Promise<Snapshot> {
  for await (const item of client.stream('inventory.watch', {})) {
    if (item.kind !== 'snapshot') break
    return { engines: item.engines, containers: containersOf(item) }
  }
  throw new AppError('stream.broken', 'The inventory began without a snapshot')
}

function containersOf(item: Extract<InventoryItem, { kind: 'snapshot' }>): readonly Container[] {
  return item.slices.flatMap((slice) => (slice.kind === 'containers' ? slice.rows : []))
}

/** The one container that a name, an id or the beginning of an id (as the docker CLI takes it) means. */
export function findContainer({ containers, engines }: Snapshot, asked: string): Container {
  const named = containers.filter(({ name, id }) => name === asked || id === asked)
  const found =
    named.length > 0
      ? named
      : containers.filter(({ id }) => /^[0-9a-f]{3,}$/.test(asked) && id.startsWith(asked))
  const [only, second] = found
  if (!only) throw noContainer(engines, asked)
  if (second)
    throw new AppError('object.conflict', `${asked} means ${found.length} containers: say more of its id`)
  return only
}

/** Where an engine has not given its list nobody knows what it has. */
function noContainer(engines: readonly Engine[], asked: string): AppError {
  const [why] = missingContainers(engines)
  if (!why) return new AppError('object.not-found', `There is no container ${asked}`)
  return new AppError('engine.unreachable', `${asked} is not known: ${why}`)
}

/** A sentence for each engine that has not given its list of containers. */
export const missingContainers = (engines: readonly Engine[]): readonly string[] =>
  engines.flatMap(({ name, missing }) => {
    const why = missing?.containers
    if (!why) return []
    return why.kind === 'awaited'
      ? [`${name} has not given its list of containers yet; try again in a moment`]
      : [`${name} gives no list of containers: ${why.error.message}`]
  })
