import { useMemo } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { AgentState, AgentStates, EngineId } from '../../shared/model'
import { runFeed } from './feed'

type ByEngine = ReadonlyMap<EngineId, AgentState>

export const agentsStore = createStore<{ readonly agents: ByEngine }>(() => ({ agents: new Map() }))

export const takeAgents = (states: AgentStates): void =>
  agentsStore.setState({ agents: new Map(states.map(({ engine, state }) => [engine, state])) })

/** The one stream of agents, for the window's life. Returns what stops it. */
export const startAgents = (): (() => void) =>
  runFeed('agents.watch', {
    onItem: (states) => {
      takeAgents(states)
      return true
    },
    // What no longer is told is no longer offered.
    onLost: () => takeAgents([]),
  })

/** The agent of one engine; `undefined` until core has told. */
/** By engine. */
export const useAgents = (): ByEngine => useStore(agentsStore, ({ agents }) => agents)

export const useAgent = (engine: EngineId): AgentState | undefined =>
  useStore(agentsStore, ({ agents }) => agents.get(engine))

const serves = (state: AgentState | undefined, method: string): boolean =>
  state?.kind === 'running' && state.features.includes(method)

/** Whether the agent of an engine runs and does this. */
export const useAgentServes = (engine: EngineId, method: string): boolean =>
  useStore(agentsStore, ({ agents }) => serves(agents.get(engine), method))

/** The engines whose agents do this: the same set until it changes. */
export const useEnginesServed = (method: string): ReadonlySet<EngineId> =>
  useEnginesWhere((state) => serves(state, method))

/** The engines for which nobody has said yet whether an agent may stand beside them. */
export const useEnginesToAsk = (): ReadonlySet<EngineId> => useEnginesWhere(isUnasked)

const isUnasked = ({ kind }: AgentState): boolean => kind === 'unasked'

function useEnginesWhere(holds: (state: AgentState) => boolean): ReadonlySet<EngineId> {
  const names = useStore(agentsStore, ({ agents }) =>
    [...agents].flatMap(([engine, state]) => (holds(state) ? [engine] : [])).join('\n'),
  )
  return useMemo(() => new Set(names.split('\n').filter(Boolean) as EngineId[]), [names])
}
