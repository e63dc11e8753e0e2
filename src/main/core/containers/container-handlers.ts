import type { Handlers } from '../../../shared/contract'
import type { EngineId, Kind, Progress, Rows } from '../../../shared/model'
import type { EngineOf } from '../engine/engine'
import { pageHandlers } from './container-pages'
import { lifecycleHandlers } from './lifecycle'
import { checkPort } from './port-check'
import { pruneHandlers } from './prune'
import { runContainer, type Pull } from './run-container'

export interface ContainerDeps {
  readonly engineOf: EngineOf
  readonly rowsOf: <K extends Kind>(engine: EngineId, kind: K) => readonly Rows[K][]
  /** All engines: their containers may hold each other's ports. Absent: the asked one only. */
  readonly engineIds?: () => readonly EngineId[]
  /** Whether an engine publishes its ports on the host of core. Absent: they all do. */
  readonly isOnThisHost?: (engine: EngineId) => boolean
  /** Absent: a missing image is an error. */
  readonly pull?: Pull
  /** Where a running call tells its progress, found by the signal that the call was given. */
  readonly progressOf?: (signal: AbortSignal) => (progress: Progress) => void
}

type ContainerName =
  | Exclude<Extract<keyof Handlers, `containers.${string}`>, 'containers.logs' | 'containers.searchLogs'>
  | 'ports.check'

export function containerHandlers(deps: ContainerDeps): Pick<Handlers, ContainerName> {
  const { engineOf, rowsOf } = deps
  const isOnThisHost = deps.isOnThisHost ?? (() => true)
  return {
    ...lifecycleHandlers(engineOf),
    ...pruneHandlers(engineOf),
    ...pageHandlers(engineOf),
    'containers.run': ({ engine, spec, start }, signal) =>
      runContainer({
        engine: engineOf(engine),
        spec,
        start,
        signal,
        pull: deps.pull,
        progress: deps.progressOf?.(signal) ?? (() => undefined),
      }),
    'ports.check': ({ engine, port, hostIp, protocol }) => {
      const isHere = isOnThisHost(engine)
      // Engines on one host share its ports; one elsewhere has its own.
      const sharing = isHere ? (deps.engineIds?.() ?? [engine]).filter(isOnThisHost) : [engine]
      const containers = sharing.flatMap((id) => rowsOf(id, 'containers'))
      return checkPort({ port, hostIp, protocol, containers, isOnThisHost: isHere })
    },
  }
}
