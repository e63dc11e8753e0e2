import {
  checkStates,
  type AgentState,
  type Check,
  type Diagnosis,
  type Engine,
  type EngineId,
  type Machine,
  type MachineProposal,
  type Road,
} from '../../../shared/model'
import { agentCheck, clockCheck, engineCheck, listChecks, noEngine } from './engine-checks'
import { dataFolder, dockerCli, freeSpace, memory } from './host-checks'
import { hypervisorCheck, machineCheck } from './machine-checks'

/** What core knows of itself at this moment. */
export interface DiagnosisDeps {
  readonly dataDir: string
  readonly env: NodeJS.ProcessEnv
  readonly engines: () => readonly Engine[]
  readonly roads: () => readonly Road[]
  readonly agentOf: (engine: EngineId) => AgentState | undefined
  /** Whether the engine's folders are on this computer's disks. */
  readonly isOnThisHost: (engine: EngineId) => boolean
  readonly machines: () => readonly Machine[]
  readonly backends: (signal: AbortSignal) => Promise<Pick<MachineProposal, 'backends'>>
}

/** Looks at everything now, the worst first. What does not answer is told, not waited for. */
export async function diagnose(deps: DiagnosisDeps, signal: AbortSignal): Promise<Diagnosis> {
  const engines = deps.engines()
  const looked = await Promise.all([
    hypervisors(deps, signal),
    dataFolder(deps.dataDir),
    freeSpace([deps.dataDir, ...engineDirs(deps, engines), ...diskDirs(deps)]),
    dockerCli(deps.env, signal),
  ])
  const checks: Check[] = [
    ...noEngine(engines, deps.roads()),
    ...engines.map(engineCheck),
    ...engines.flatMap(listChecks),
    ...engines.flatMap(clockCheck),
    ...engines.flatMap((engine) => agentCheck(engine, deps.agentOf)),
    ...deps.machines().map(machineCheck),
    ...memory(),
    ...looked.flat(),
  ]
  return { atMs: Date.now(), checks: checks.toSorted((a, b) => rank(a) - rank(b)) }
}

const rank = ({ state }: Check): number => checkStates.indexOf(state)

/** Where no machine is and none is needed, nobody has to hear that there is no hypervisor. */
async function hypervisors({ machines, backends }: DiagnosisDeps, signal: AbortSignal): Promise<Check[]> {
  if (process.platform === 'linux' && machines().length === 0) return []
  return [hypervisorCheck(await backends(signal))]
}

const engineDirs = ({ isOnThisHost }: DiagnosisDeps, engines: readonly Engine[]): string[] =>
  engines.flatMap(({ id, origin, facts }) =>
    facts && origin !== 'machine' && isOnThisHost(id) ? [facts.rootDir] : [],
  )

const diskDirs = ({ machines }: DiagnosisDeps): string[] =>
  machines().flatMap(({ settings: { diskDir } }) => (diskDir === undefined ? [] : [diskDir]))
