import {
  kinds,
  type AgentState,
  type Check,
  type Engine,
  type EngineId,
  type Road,
} from '../../../shared/model'
import { seconds } from './words'

/** Less is the road's own delay. */
const clockMattersMs = 3000

/** When no road led to an engine: what was tried, and the first command that mends it. */
export function noEngine(engines: readonly Engine[], roads: readonly Road[]): Check[] {
  if (engines.length > 0) return []
  const failed = roads.filter(({ outcome }) => outcome === 'failed')
  const mend = failed.find((road) => road.mend !== undefined)?.mend
  const error = failed.find((road) => road.error)?.error
  const message = `No engine was found; tried: ${roads.map(({ tried }) => tried).join(', ')}`
  return [
    {
      ...{ name: 'no-engine', state: 'bad', facts: { tried: roads.length }, message },
      ...(error && { error }),
      ...(mend !== undefined && { mend }),
    },
  ]
}

export function engineCheck({ name, address, state, facts }: Engine): Check {
  const base = { name: 'engine', subject: name } as const
  switch (state.kind) {
    case 'running': {
      const [version, api] = [facts?.version ?? '', facts?.apiVersion ?? '']
      const message = `${name} runs: version ${version}, API ${api}, ${address}`
      return { ...base, state: 'good', facts: { address, version, api }, message }
    }
    case 'lost': {
      const message = `${name} does not answer at ${address}: ${state.error.message}`
      return { ...base, state: 'bad', facts: { address }, message, error: state.error }
    }
    case 'stopped':
      return { ...base, state: 'note', facts: { address, state: state.kind }, message: `${name} is stopped` }
    case 'starting':
    case 'connecting': {
      const forMs = Math.max(0, Date.now() - state.sinceMs)
      const message = `${name} is ${state.kind} since ${seconds(forMs)}`
      return { ...base, state: 'warning', facts: { address, state: state.kind, forMs }, message }
    }
  }
}

/** A list that an engine refuses, or has not given yet. */
export const listChecks = ({ name, missing = {} }: Engine): Check[] =>
  kinds.flatMap((kind): Check[] => {
    const why = missing[kind]
    if (!why) return []
    const base = { name: 'list', subject: name, state: 'warning' } as const
    const facts = { kind, state: why.kind }
    if (why.kind === 'awaited')
      return [{ ...base, facts, message: `${name} has not given its list of ${kind} yet` }]
    const message = `${name} does not give its list of ${kind}: ${why.error.message}`
    return [{ ...base, facts, message, error: why.error }]
  })

/** Certificates, logs and ages are wrong when the engine's clock is. */
export function clockCheck({ name, state, clockSkewMs }: Engine): Check[] {
  if (state.kind !== 'running') return []
  const isFar = Math.abs(clockSkewMs) > clockMattersMs
  const message = `The clock of ${name} is ${seconds(Math.abs(clockSkewMs))} ${clockSkewMs < 0 ? 'behind' : 'ahead'}`
  return [
    {
      name: 'clock',
      subject: name,
      state: isFar ? 'warning' : 'good',
      facts: { aheadMs: clockSkewMs },
      message,
    },
  ]
}

export function agentCheck(engine: Engine, agentOf: (id: EngineId) => AgentState | undefined): Check[] {
  const agent = engine.state.kind === 'running' ? agentOf(engine.id) : undefined
  if (!agent) return []
  const base = { name: 'agent', subject: engine.name } as const
  const off =
    agent.kind === 'off' ? (agent.because === 'unsupported' ? agent.why : agent.because) : agent.kind
  if (agent.kind === 'running') {
    const message = `The agent beside ${engine.name} runs as ${agent.road}`
    return [{ ...base, state: 'good', facts: { state: agent.kind, road: agent.road }, message }]
  }
  const message = `No agent beside ${engine.name}: ${off}`
  if (agent.kind === 'failed')
    return [{ ...base, state: 'warning', facts: { state: off }, message, error: agent.error }]
  return [{ ...base, state: 'note', facts: { state: off }, message }]
}
