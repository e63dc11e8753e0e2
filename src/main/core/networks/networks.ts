import type { CheckedArgs, Handlers } from '../../../shared/contract'
import { AppError, isCode } from '../../../shared/errors'
import type { Json, Network, NetworkId, ObjectRef, PrunePlan } from '../../../shared/model'
import { pathPart, type EngineClient, type EngineOf } from '../engine/engine'
import type { RowsOf, WholeRowsOf } from '../inventory/inventory'

export interface NetworksDeps {
  readonly engineOf: EngineOf
  readonly rowsOf: RowsOf
  readonly wholeRowsOf: WholeRowsOf
  /** Reads a container's row anew: an engine says no event when one that is stopped joins or leaves. */
  readonly readContainer: (ref: ObjectRef) => void
}

type NetworkCalls = Pick<
  Handlers,
  | 'networks.create'
  | 'networks.remove'
  | 'networks.inspect'
  | 'networks.connect'
  | 'networks.disconnect'
  | 'networks.prunePlan'
  | 'networks.prune'
>

export function networkHandlers(deps: NetworksDeps): NetworkCalls {
  const { engineOf, rowsOf, readContainer } = deps
  return {
    'networks.create': (args, signal) => createNetwork(engineOf(args.engine), args, signal),
    'networks.remove': async ({ engine, id }, signal) => {
      await removeNetwork(engineOf(engine), { id, rowsOf }, signal)
      return null
    },
    'networks.inspect': ({ engine, id }, signal) =>
      engineOf(engine).json<Json>({ path: `/networks/${pathPart(id)}`, signal }),
    'networks.connect': async ({ engine, id, container, aliases }, signal) => {
      await engineOf(engine).json({
        method: 'POST',
        path: `/networks/${pathPart(id)}/connect`,
        body: { Container: container, ...(aliases.length > 0 && { EndpointConfig: { Aliases: aliases } }) },
        signal,
      })
      readContainer({ engine, id: container })
      return null
    },
    'networks.disconnect': async ({ engine, id, container, force }, signal) => {
      await engineOf(engine).json({
        method: 'POST',
        path: `/networks/${pathPart(id)}/disconnect`,
        body: { Container: container, Force: force },
        signal,
      })
      readContainer({ engine, id: container })
      return null
    },
    'networks.prunePlan': ({ engine }) => planPrune(engineOf(engine), deps.wholeRowsOf),
    'networks.prune': ({ engine, ids }, signal) => prune(engineOf(engine), { ids, rowsOf }, signal),
  }
}

async function createNetwork(
  engine: EngineClient,
  args: CheckedArgs<'networks.create'>,
  signal: AbortSignal,
): Promise<{ id: NetworkId }> {
  const pools = args.subnets.map(({ subnet, gateway, ipRange }) => ({
    Subnet: subnet,
    ...(gateway && { Gateway: gateway }),
    ...(ipRange && { IPRange: ipRange }),
  }))
  const made = await engine.json<{ Id: NetworkId }>({
    method: 'POST',
    path: '/networks/create',
    body: {
      Name: args.name,
      // The engine lets two networks have one name unless it is told not to; the CLI always tells it.
      CheckDuplicate: true,
      Driver: args.driver,
      Internal: args.internal,
      Attachable: args.attachable,
      EnableIPv6: args.ipv6,
      ...(pools.length > 0 && { IPAM: { Driver: 'default', Config: pools } }),
      Options: args.options,
      Labels: args.labels,
    },
    signal,
  })
  return { id: made.Id }
}

async function removeNetwork(
  engine: EngineClient,
  { id, rowsOf }: { id: string; rowsOf: RowsOf },
  signal: AbortSignal,
): Promise<void> {
  const row = rowsOf(engine.id, 'networks').find((network) => network.id === id || network.name === id)
  const name = row?.name ?? id
  if (row?.isPredefined) {
    throw new AppError('object.conflict', `The network ${name} is the engine's own and stays`, {
      facts: { kind: 'network', name, problem: 'predefined' },
    })
  }
  try {
    await engine.json({ method: 'DELETE', path: `/networks/${pathPart(id)}`, signal })
  } catch (error) {
    if (!isCode(error, 'object.in-use', 'object.conflict', 'request.unauthorized')) throw error
    const names = await connectedNames(engine, id, signal)
    if (names.length === 0) throw error
    throw new AppError('object.in-use', `The network ${name} is used by ${names.join(', ')}`, {
      facts: {
        ...error.facts,
        kind: 'network',
        name,
        names: names.slice(0, 10).join(', '),
        count: names.length,
      },
      cause: error,
    })
  }
}

/** Who holds it now: only containers that run have an endpoint, and only they are in the way. */
async function connectedNames(engine: EngineClient, id: string, signal: AbortSignal): Promise<string[]> {
  const network = await engine.json<{ Containers?: Readonly<Record<string, { Name?: string }>> | null }>({
    path: `/networks/${pathPart(id)}`,
    signal,
  })
  return Object.entries(network.Containers ?? {}).map(
    ([container, { Name }]) => Name ?? container.slice(0, 12),
  )
}

/** Made by Swarm for itself; without them services lose their way in. */
const isSwarms = ({ name }: Network): boolean => name === 'ingress' || name === 'docker_gwbridge'

/**
 * Networks that no container belongs to, running or not. The engine's own prune also takes those of stopped
 * containers, which then cannot start any more.
 */
function planPrune(engine: EngineClient, wholeRowsOf: WholeRowsOf): PrunePlan {
  const used = new Set(
    wholeRowsOf(engine.id, 'containers').flatMap(({ networks }) => networks.map(({ name }) => name)),
  )
  const entries = wholeRowsOf(engine.id, 'networks')
    .filter((network) => !network.isPredefined && !isSwarms(network) && !used.has(network.name))
    .map(({ id, name, createdAtMs, driver }) => ({ id, name, createdAtMs, note: driver }))
  return { entries }
}

/** Removes just the named ones. One that is used by now stays, and does not stop the others. */
async function prune(
  engine: EngineClient,
  { ids, rowsOf }: { ids: readonly string[]; rowsOf: RowsOf },
  signal: AbortSignal,
): Promise<{ removed: number }> {
  let removed = 0
  let refusal: AppError | undefined
  for (const id of new Set(ids)) {
    try {
      await removeNetwork(engine, { id, rowsOf }, signal)
      removed++
    } catch (error) {
      if (!isCode(error, 'object.in-use', 'object.conflict', 'object.not-found')) throw error
      if (error.code !== 'object.not-found') refusal ??= error
    }
  }
  if (removed === 0 && refusal) throw refusal
  return { removed }
}
