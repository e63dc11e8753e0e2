import { AppError } from '../../../shared/errors'
import type { EngineId, FilePath, FilePlace } from '../../../shared/model'
import type { AgentFor } from '../agent/agents'
import type { EngineOf } from '../engine/engine'
import { agentRoad } from './agent-road'
import { knowRoot, type KnownRoot } from './known-root'
import { mountOf } from './marks'
import type { At, FilesRoad } from './road'

export interface RoadDeps {
  readonly engineOf: EngineOf
  readonly agentFor: AgentFor
  readonly api: FilesRoad
}

export interface Asked extends FilePlace {
  readonly engine: EngineId
  readonly path: FilePath
}

/** A road, and where on it what was asked for lies. */
export interface Chosen {
  readonly way: FilesRoad
  readonly at: At
  /** What was asked for lies in a volume that is mounted here; its paths begin there. */
  readonly under: FilePath
  /** As the container itself sees it: for marks. */
  readonly root: KnownRoot
}

/** A container that comes and goes is looked at anew, but not for ever. */
const maxTries = 3

/**
 * Does a piece of work by the agent when it can, else by the Engine API. What lies in a mount of a container that
 * does not run is not in its layers: it is asked for in the volume itself, or of the API, which mounts it.
 */
export async function onRoad<T>(
  deps: RoadDeps,
  asked: { readonly place: Asked; readonly method: string; readonly signal: AbortSignal },
  work: (chosen: Chosen) => Promise<T>,
): Promise<T> {
  const { place, method, signal } = asked
  const engine = deps.engineOf(place.engine)
  for (let attempt = 1; ; attempt++) {
    const root = await knowRoot(engine, place.root, signal)
    const agent = root.isAgents ? deps.agentFor(place.engine, `files.${method}`) : undefined
    const at: At = { root, path: place.path, signal }
    if (!agent) return work({ way: deps.api, at, under: '', root })
    const way = agentRoad(agent)
    try {
      return await work({ way, at, under: '', root })
    } catch (error) {
      const next = signal.aborted ? 'fail' : afterFailure(error, attempt)
      if (next === 'fail') throw error
      if (next === 'mount') return inMount(deps, { way, at, root, real: pathIn(error) }, work)
      if (next === 'api') return work({ way: deps.api, at, under: '', root })
    }
  }
}

function afterFailure(error: unknown, attempt: number): 'again' | 'mount' | 'api' | 'fail' {
  if (!(error instanceof AppError)) return 'fail'
  const { what, reason } = error.facts
  if (error.code === 'object.conflict') {
    if (reason === 'mounted') return 'mount'
    if (reason === 'state') return attempt < maxTries ? 'again' : 'api'
    return 'fail'
  }
  // The agent went, cannot, or never could: the Engine API is asked instead.
  const isAgents = ['engine.unreachable', 'engine.unsupported'].includes(error.code) && what === 'agent'
  return isAgents || error.code === 'call.unknown' || error.code === 'bug' ? 'api' : 'fail'
}

const pathIn = (error: unknown): FilePath => (error instanceof AppError ? String(error.facts['path']) : '/')

async function inMount<T>(
  deps: RoadDeps,
  { way, at, root, real }: Omit<Chosen, 'under'> & { readonly real: FilePath },
  work: (chosen: Chosen) => Promise<T>,
): Promise<T> {
  const mount = mountOf(root.mounts, real)
  const { signal } = at
  if (mount?.volume !== undefined) {
    const volume = await knowRoot(root.engine, { kind: 'volume', id: mount.volume }, signal)
    const path = real.slice(mount.path.length) || '/'
    if (volume.isAgents) return work({ way, at: { root: volume, path, signal }, under: mount.path, root })
  }
  return work({ way: deps.api, at: { ...at, path: real }, under: '', root })
}

/** A path of the volume as the container has it. */
export const shownUnder = (under: FilePath, path: FilePath): FilePath =>
  under === '' ? path : path === '/' ? under : under + path
